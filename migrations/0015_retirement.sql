-- Why:   a router that is out of service is retired: not polled, not counted, its history kept. Its
--        address is free for the one that takes its place.
-- Locks: devices for the time of two index builds.
-- Undo:  drop index devices_retired, devices_by_place; alter table devices drop column retired_at,
--        add unique (tenant_id, address, port); system_tenants() as 0006 has it.

alter table devices add column retired_at timestamptz;
alter table devices drop constraint devices_tenant_id_address_port_key;
create unique index devices_by_place on devices (tenant_id, address, port) where retired_at is null;
create index devices_retired on devices (tenant_id, retired_at) where retired_at is not null;

create or replace function system_tenants()
  returns table (id uuid, name text, slug text, description text, contact_email text,
    is_active boolean, deletion_requested_at timestamptz, exported_at timestamptz,
    deletion_started_at timestamptz, created_at timestamptz, revision integer, users bigint,
    devices bigint)
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select t.id, t.name, t.slug, t.description, t.contact_email, t.is_active,
      t.deletion_requested_at, t.exported_at, t.deletion_started_at, t.created_at, t.revision,
      (select count(*) from users u where u.tenant_id = t.id),
      (select count(*) from devices d where d.tenant_id = t.id and d.retired_at is null)
    from tenants t order by lower(t.name), t.id;
  end;
