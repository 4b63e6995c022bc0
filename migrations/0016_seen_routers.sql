-- Why:   routers that the fleet sees as neighbours and that nobody manages yet: a list that pages, with
--        what somebody said of each (ignored), made anew from device_state every few minutes.
-- Locks: none on existing tables.
-- Undo:  drop table seen_routers;

create table seen_routers (
  tenant_id     uuid        not null references tenants on delete cascade,
  -- MD5 of what makes it one router: see core/discovery/refresh_neighbors.ts.
  id            text        not null check (id ~ '^[0-9a-f]{32}$'),
  identity      text        not null default '' check (length(identity) <= 200),
  board         text        check (length(board) <= 100),
  platform      text        check (length(platform) <= 100),
  version       text        check (length(version) <= 100),
  macs          text[]      not null,
  addresses     text[]      not null,
  -- Up to 8 of {deviceId, interface}; how many devices see it in all.
  seen_by       jsonb       not null,
  seers         integer     not null,
  -- A managed device of the same identity and board: it may be this one under another address.
  likely_id     uuid,
  first_seen_at timestamptz not null,
  last_seen_at  timestamptz not null,
  ignored_at    timestamptz,
  ignored_by    text        check (length(ignored_by) <= 200),
  primary key (tenant_id, id)
);
create index seen_routers_by_identity on seen_routers (tenant_id, lower(identity), id);
call protect_tenant_table('seen_routers');
grant select, insert, update, delete on seen_routers to app_user;
