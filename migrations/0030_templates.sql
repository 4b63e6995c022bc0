-- Why:   configuration templates with their history, and the values that routers fill them with.
-- Locks: none on existing tables.
-- Undo:  drop table template_values, template_versions, templates;

create table templates (
  id          uuid        primary key default gen_random_uuid(),
  tenant_id   uuid        not null references tenants on delete cascade,
  name        text        not null check (length(name) between 1 and 100 and name = btrim(name)),
  description text        not null default '' check (length(description) <= 1000),
  tags        text[]      not null default '{}' check (cardinality(tags) <= 10),
  version     integer     not null default 1 check (version >= 1),
  updated_at  timestamptz not null default now(),
  unique (tenant_id, id)
);
create unique index templates_by_name on templates (tenant_id, lower(name));
call protect_tenant_table('templates');
grant select, insert, update, delete on templates to app_user;

-- The text lives here alone: what was pushed once can be read again.
create table template_versions (
  tenant_id   uuid        not null,
  template_id uuid        not null,
  version     integer     not null check (version >= 1),
  script      text        not null check (length(script) <= 60000),
  variables   jsonb       not null,
  note        text        not null default '' check (length(note) <= 300),
  actor       text        not null,
  at          timestamptz not null,
  primary key (tenant_id, template_id, version),
  foreign key (tenant_id, template_id) references templates (tenant_id, id) on delete cascade
);
call protect_tenant_table('template_versions');
grant select, insert, delete on template_versions to app_user;

-- A value of one name: of a router, of a site, or (neither) of the tenant. A secret's value is its
-- ciphertext alone, bound to the row.
create table template_values (
  id          uuid        primary key default gen_random_uuid(),
  tenant_id   uuid        not null references tenants on delete cascade,
  name        text        not null check (name ~ '^[a-z][a-z0-9_]{0,39}$'),
  device_id   uuid,
  site_id     uuid,
  value       jsonb       not null,
  ciphertext  bytea,
  updated_at  timestamptz not null default now(),
  unique nulls not distinct (tenant_id, name, device_id, site_id),
  check (device_id is null or site_id is null),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade,
  foreign key (tenant_id, site_id) references sites (tenant_id, id) on delete cascade
);
create index template_values_by_device on template_values (tenant_id, device_id)
  where device_id is not null;
create index template_values_by_site on template_values (tenant_id, site_id)
  where site_id is not null;
call protect_tenant_table('template_values');
grant select, insert, update, delete on template_values to app_user;
