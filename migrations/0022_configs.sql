-- Why:   what routers are configured with, kept over time: each different content once, encrypted.
-- Locks: devices for a moment (two columns with constant defaults).
-- Undo:  drop table config_backups, config_versions, config_contents;
--        drop trigger back_up_after_change on events;
--        drop function back_up_after_change(), system_due_backups(integer, integer);
--        alter table devices drop column ssh_port, drop column ssh_host_key;

alter table devices
  add column ssh_port     integer not null default 22 check (ssh_port between 1 and 65535),
  -- SHA-256 of the host key, pinned at the first contact.
  add column ssh_host_key text check (ssh_host_key ~ '^[0-9a-f]{64}$');

-- Contents, each once a device: compressed, then encrypted and bound to its row.
create table config_contents (
  tenant_id   uuid        not null,
  id          uuid        not null default gen_random_uuid(),
  device_id   uuid        not null,
  -- Over the normalised text; the same for the same configuration, whenever it was read.
  digest      bytea       not null check (length(digest) = 32),
  ciphertext  bytea       not null,
  -- Before and after compression.
  text_bytes  integer     not null,
  created_at  timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, device_id, digest),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);
call protect_tenant_table('config_contents');
grant select, insert, delete on config_contents to app_user;

-- A stretch of time in which a device held one content: reading the same again only prolongs it.
create table config_versions (
  tenant_id        uuid        not null,
  id               uuid        not null default gen_random_uuid(),
  device_id        uuid        not null,
  content_id       uuid        not null,
  taken_at         timestamptz not null,
  seen_at          timestamptz not null,
  trigger          text        not null check (trigger in ('manual', 'scheduled', 'change', 'operation')),
  actor            text        not null,
  routeros_version text,
  -- Menus that the router could not export: never a source of a restore.
  failed_menus     text[]      not null default '{}',
  -- Against the version before; null for the first and for partial ones.
  added            integer,
  removed          integer,
  changed          integer,
  primary key (tenant_id, id),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade,
  foreign key (tenant_id, content_id) references config_contents (tenant_id, id) on delete cascade
);
create index config_versions_by_device on config_versions (tenant_id, device_id, taken_at desc, id);
create index config_versions_by_content on config_versions (tenant_id, content_id);
call protect_tenant_table('config_versions');
grant select, insert, update, delete on config_versions to app_user;

-- When each device is backed up next, and how the last time went.
create table config_backups (
  tenant_id    uuid        not null,
  device_id    uuid        not null,
  due_at       timestamptz not null,
  -- Who holds it now; past it somebody else may.
  leased_until timestamptz,
  trigger      text        not null default 'scheduled' check (trigger in ('manual', 'scheduled', 'change')),
  actor        text        not null default 'system:backups',
  failures     integer     not null default 0,
  tried_at     timestamptz,
  succeeded_at timestamptz,
  reason       text,
  detail       text,
  primary key (tenant_id, device_id),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);
create index config_backups_due on config_backups (due_at);
call protect_tenant_table('config_backups');
grant select, insert, update, delete on config_backups to app_user;
create policy owner_schedules on config_backups to current_user using (true) with check (true);

-- Takes devices whose backup is due, of all tenants, for `lease_seconds`; nobody else gets them meanwhile.
create function system_due_backups(most integer, lease_seconds integer)
  returns table (tenant_id uuid, device_id uuid, trigger text, actor text)
  language sql volatile security definer set search_path = public, pg_temp
  begin atomic
    update config_backups b set leased_until = now() + make_interval(secs => lease_seconds)
    from (
      select c.tenant_id, c.device_id from config_backups c
      join tenants t on t.id = c.tenant_id and t.is_active
      where c.due_at <= now() and (c.leased_until is null or c.leased_until < now())
      order by c.due_at
      limit most
      for update of c skip locked
    ) due
    where b.tenant_id = due.tenant_id and b.device_id = due.device_id
    returning b.tenant_id, b.device_id, b.trigger, b.actor;
  end;
-- A router that says that somebody changed it is backed up soon after, once for all changes at a time.
create function back_up_after_change() returns trigger
  language plpgsql set search_path = public, pg_temp as $$
begin
  update config_backups set due_at = least(due_at, now() + interval '1 minute'),
      trigger = case when trigger = 'scheduled' then 'change' else trigger end
    where tenant_id = new.tenant_id and device_id = new.device_id;
  return null;
end $$;
create trigger back_up_after_change after insert or update on events
  for each row when (new.kind = 'device.config_changed') execute function back_up_after_change();
revoke execute on function back_up_after_change() from public;

revoke execute on function system_due_backups(integer, integer) from public;
grant execute on function system_due_backups(integer, integer) to app_user;
