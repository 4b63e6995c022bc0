-- Why:   what came of a change to many routers at once, row by row, for whoever asks later.
-- Locks: none on existing tables.
-- Undo:  drop table device_bulk_results, device_bulk_changes;

create table device_bulk_changes (
  id        uuid        primary key default gen_random_uuid(),
  tenant_id uuid        not null references tenants on delete cascade,
  at        timestamptz not null,
  actor     text        not null,
  change    jsonb       not null,
  -- How they were chosen; null: one by one.
  query     text        check (length(query) <= 1000),
  changed   integer     not null,
  unchanged integer     not null,
  refused   integer     not null,
  unique (tenant_id, id)
);
create index device_bulk_changes_by_time on device_bulk_changes (tenant_id, at desc, id);
call protect_tenant_table('device_bulk_changes');
grant select, insert, delete on device_bulk_changes to app_user;

create table device_bulk_results (
  tenant_id   uuid    not null,
  bulk_id     uuid    not null,
  position    integer not null,
  -- No reference, and the name as it was then: the result outlives the router.
  device_id   uuid    not null,
  device_name text    not null,
  result      text    not null default 'changed' check (result in ('changed', 'unchanged', 'refused')),
  reason      text,
  primary key (tenant_id, bulk_id, position),
  foreign key (tenant_id, bulk_id) references device_bulk_changes (tenant_id, id) on delete cascade
);
create index device_bulk_results_by_result on device_bulk_results (tenant_id, bulk_id, result, position);
call protect_tenant_table('device_bulk_results');
grant select, insert, delete on device_bulk_results to app_user;
