-- Why:   how long versions of configurations are kept, which ones are pinned by hand, and which
--        operations of ours a change goes back to.
-- Locks: config_versions for a moment (columns without defaults).
-- Undo:  drop table config_operations, config_policies;
--        alter table config_versions drop column label, drop column pinned_at, drop column pinned_by,
--          drop column restored_at;

alter table config_versions
  -- What people call it.
  add column label       text check (length(label) between 1 and 200),
  -- Pinned versions are kept whatever their age.
  add column pinned_at   timestamptz,
  add column pinned_by   text,
  -- When a router was last brought back to it.
  add column restored_at timestamptz;

-- What a tenant wants otherwise than the installation; null: as the installation says.
create table config_policies (
  tenant_id         uuid        primary key references tenants on delete cascade,
  -- Every version this long, then the last of each day, week and month.
  keep_all_days     integer     check (keep_all_days between 7 and 36500),
  keep_daily_days   integer     check (keep_daily_days between 0 and 36500),
  keep_weekly_days  integer     check (keep_weekly_days between 0 and 36500),
  keep_monthly_days integer     check (keep_monthly_days between 0 and 36500),
  updated_at        timestamptz not null default now()
);
call protect_tenant_table('config_policies');
grant select, insert, update, delete on config_policies to app_user;

-- What we did on a router, from the backup before to the backup after: changes seen meanwhile are its.
create table config_operations (
  tenant_id      uuid        not null,
  device_id      uuid        not null,
  kind           text        not null check (length(kind) between 1 and 40),
  operation_id   text        not null check (length(operation_id) between 1 and 80),
  title          text        not null check (length(title) <= 200),
  actor          text        not null,
  -- Past the backup before it: what that one found is somebody else's.
  began_at       timestamptz not null,
  ended_at       timestamptz,
  outcome        text        check (outcome in ('kept', 'reverted', 'failed', 'unknown')),
  before_version uuid        not null,
  after_version  uuid,
  primary key (tenant_id, device_id, kind, operation_id),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);
create index config_operations_by_device on config_operations (tenant_id, device_id, began_at desc);
call protect_tenant_table('config_operations');
grant select, insert, update, delete on config_operations to app_user;
