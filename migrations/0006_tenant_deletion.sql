-- Why:   the deletion of a tenant: asked for, exported, then done for good; a suspended tenant's
--        routers are polled no more.
-- Locks: a short exclusive lock on tenants (new columns without default: no rewrite).
-- Undo:  drop policy poller_reads on tenants; revoke select (id, is_active) on tenants from poller_user;
--        alter table tenants drop column exported_at, drop column deletion_started_at; put
--        system_tenants() and system_delete_tenant() of 0004 back.

alter table tenants
  -- When the last whole export of the tenant was written.
  add column exported_at         timestamptz,
  -- From here on its key may be destroyed: there is no way back.
  add column deletion_started_at timestamptz;

grant select (id, is_active) on tenants to poller_user;
create policy poller_reads on tenants for select to poller_user using (true);

drop function system_tenants();
create function system_tenants()
  returns table (id uuid, name text, slug text, description text, contact_email text,
    is_active boolean, deletion_requested_at timestamptz, exported_at timestamptz,
    deletion_started_at timestamptz, created_at timestamptz, revision integer, users bigint,
    devices bigint)
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select t.id, t.name, t.slug, t.description, t.contact_email, t.is_active,
      t.deletion_requested_at, t.exported_at, t.deletion_started_at, t.created_at, t.revision,
      (select count(*) from users u where u.tenant_id = t.id),
      (select count(*) from devices d where d.tenant_id = t.id)
    from tenants t order by lower(t.name), t.id;
  end;
revoke execute on function system_tenants() from public;
grant execute on function system_tenants() to app_user;

-- The last step. The conditions stand here too, since what calls this may be wrong.
create or replace function system_delete_tenant(doomed uuid, at_time timestamptz) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from tenants t where t.id = doomed and t.slug <> 'default' and not t.is_active
    and t.deletion_started_at is not null and t.exported_at >= t.deletion_requested_at
    and t.deletion_requested_at <= at_time - interval '1 day';
  return found;
end $$;
