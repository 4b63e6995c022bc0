-- Why:   the traffic and size of a fleet and of each of its sites over time. Sums over every interface
--        of ten thousand routers are too many rows to read for a page: they are noted as they are, every
--        five minutes. And the last trouble of a tenant among all its events.
-- Locks: events against writes while its index is built (a second for a million rows).
-- Undo:  drop table fleet_history, site_history; drop index events_of_trouble;

create table fleet_history (
  tenant_id        uuid        not null references tenants on delete cascade,
  at               timestamptz not null,
  devices          integer     not null,
  online           integer     not null,
  offline          integer     not null,
  rx_bps           bigint      not null,
  tx_bps           bigint      not null,
  wireless_clients integer     not null,
  primary key (tenant_id, at)
);
call protect_tenant_table('fleet_history');
grant select, insert, delete on fleet_history to app_user;

create table site_history (
  tenant_id        uuid        not null,
  site_id          uuid        not null,
  at               timestamptz not null,
  devices          integer     not null,
  online           integer     not null,
  offline          integer     not null,
  rx_bps           bigint      not null,
  tx_bps           bigint      not null,
  wireless_clients integer     not null,
  primary key (tenant_id, site_id, at),
  foreign key (tenant_id, site_id) references sites (tenant_id, id) on delete cascade
);
create index site_history_by_time on site_history (tenant_id, at);
call protect_tenant_table('site_history');
grant select, insert, delete on site_history to app_user;

create index events_of_trouble on events (tenant_id, at desc, id desc) where severity <> 'info';
