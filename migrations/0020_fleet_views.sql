-- Why:   ways to look at the fleet that people keep: a search, a sort, columns; their own or everybody's.
-- Locks: none on existing tables.
-- Undo:  drop table fleet_views;

create table fleet_views (
  id         uuid        primary key default gen_random_uuid(),
  tenant_id  uuid        not null references tenants on delete cascade,
  -- Who made it, as the audit log names actors: super_admins of other tenants make views, too.
  owner      text        not null check (length(owner) <= 200),
  name       text        not null check (length(name) between 1 and 60 and name = btrim(name)),
  query      text        not null default '' check (length(query) <= 1000),
  sort       text        not null default 'status',
  sort_order text        not null default 'asc' check (sort_order in ('asc', 'desc')),
  -- Empty: the usual ones.
  columns    text[]      not null default '{}',
  is_shared  boolean     not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id)
);
create unique index fleet_views_by_name on fleet_views (tenant_id, owner, lower(name));
call protect_tenant_table('fleet_views');
grant select, insert, update, delete on fleet_views to app_user;
