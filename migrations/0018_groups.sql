-- Why:   groups of routers: members that people chose, or a rule in the fleet's query language that is
--        asked each time, so that nobody keeps a list up to date.
-- Locks: none on existing tables.
-- Undo:  drop table device_group_members, device_groups;

create table device_groups (
  id          uuid        primary key default gen_random_uuid(),
  tenant_id   uuid        not null references tenants on delete cascade,
  -- No quotation mark: it ends a name in the query language.
  name        text        not null check (length(name) between 1 and 100 and name = btrim(name)
                                          and name !~ '["[:cntrl:]]'),
  description text        check (length(description) <= 1000),
  -- Null: the members are chosen.
  rule        text        check (length(rule) between 1 and 1000),
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  unique (tenant_id, id)
);
create unique index device_groups_by_name on device_groups (tenant_id, lower(name));
call protect_tenant_table('device_groups');
grant select, insert, update, delete on device_groups to app_user;

create table device_group_members (
  tenant_id uuid not null,
  group_id  uuid not null,
  device_id uuid not null,
  primary key (tenant_id, group_id, device_id),
  foreign key (tenant_id, group_id) references device_groups (tenant_id, id) on delete cascade,
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);
create index device_group_members_by_device on device_group_members (tenant_id, device_id);
call protect_tenant_table('device_group_members');
grant select, insert, delete on device_group_members to app_user;
