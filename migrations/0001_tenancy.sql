-- Why:   every later table stands on tenants, on the roles and on one way to protect a table.
-- Locks: none on existing tables.
-- Undo:  drop schema public cascade (nothing was there before).

-- The login roles are made by whoever runs the server (the embedded supervisor, or
-- deploy/postgres/roles.sql): a migration that made them would need a password in it.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['app_user', 'poller_user'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      raise exception 'Cannot migrate as the role % does not exist: run deploy/postgres/roles.sql as a superuser first', role_name;
    end if;
    if exists (select from pg_roles where rolname = role_name and (rolsuper or rolbypassrls)) then
      raise exception 'Cannot migrate as the role % is superuser or has BYPASSRLS, which would switch row-level security off: alter role % nosuperuser nobypassrls', role_name, role_name;
    end if;
  end loop;
end $$;

revoke create on schema public from public;
-- A temporary table is found before any other of its name, also by a SECURITY DEFINER function: one
-- with a trigger would run as the owner. Hence also pg_temp at the end of every search_path below.
do $$ begin
  execute format('revoke temporary on database %I from public', current_database());
end $$;
grant usage on schema public to app_user, poller_user;

-- The tenant of the transaction, or null. Policies use the inline form below, not this function: as an
-- InitPlan it is evaluated once a query (70 ms against 486 ms over 2 million rows).
create function current_tenant_id() returns uuid
  language sql stable
  -- nullif: after set_config(…, true) the setting falls back to '', which is no uuid.
  return nullif(current_setting('app.tenant_id', true), '')::uuid;

-- Puts a tenant table under row-level security. Every migration that makes one calls this.
create procedure protect_tenant_table(table_name regclass)
  language plpgsql as $$
begin
  execute format('alter table %s enable row level security', table_name);
  execute format('alter table %s force row level security', table_name);
  execute format(
    'create policy tenant_isolation on %s to app_user
       using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))
       with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))',
    table_name);
end $$;
revoke execute on procedure protect_tenant_table(regclass) from public;

create table tenants (
  id         uuid        primary key default gen_random_uuid(),
  name       text        not null check (length(name) between 1 and 200),
  slug       text        not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  created_at timestamptz not null default now()
);
alter table tenants enable row level security;
alter table tenants force row level security;
create policy tenant_isolation on tenants to app_user
  using (id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
  with check (id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
-- The owner keeps the directory of tenants; the system_* functions below run as the owner, which
-- FORCE would otherwise bind when it is no superuser.
create policy owner_directory on tenants to current_user using (true) with check (true);
grant select, update on tenants to app_user;

-- The directory of tenants for work that belongs to no tenant (rollups, retention, sign-in).
create function system_tenant_ids() returns setof uuid
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select id from tenants order by created_at, id;
  end;
-- Answers the tenant with this slug, made now if there is none. Used by first start.
create function system_ensure_tenant(wanted_slug text, wanted_name text) returns uuid
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  found_id uuid;
begin
  insert into tenants (slug, name) values (wanted_slug, wanted_name) on conflict (slug) do nothing;
  select id into strict found_id from tenants where slug = wanted_slug;
  return found_id;
end $$;
revoke execute on function system_tenant_ids(), system_ensure_tenant(text, text) from public;
grant execute on function system_tenant_ids(), system_ensure_tenant(text, text) to app_user;

-- Data keys of the file KMS, wrapped by its master key. Empty with OpenBao, which keeps its own.
create table tenant_keys (
  tenant_id   uuid        not null references tenants on delete cascade,
  version     integer     not null check (version > 0),
  wrapped_key bytea       not null,
  created_at  timestamptz not null default now(),
  primary key (tenant_id, version)
);
call protect_tenant_table('tenant_keys');
create policy poller_reads on tenant_keys for select to poller_user using (true);
grant select, insert, delete on tenant_keys to app_user;
grant select on tenant_keys to poller_user;
