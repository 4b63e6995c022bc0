-- Why:   full (binary) backups of routers, each with a password of its own, and how they are brought back.
-- Locks: config_policies for a moment (columns without defaults).
-- Undo:  drop table binary_restores, binary_backup_jobs, binary_backup_chunks, binary_backups;
--        drop function system_due_binary_backups(integer, integer),
--          system_due_binary_restores(integer, integer);
--        alter table config_policies drop column binary_schedule, drop column keep_binaries;

alter table config_policies
  -- Null: off, and as many as the installation keeps.
  add column binary_schedule text check (binary_schedule in ('weekly', 'daily')),
  add column keep_binaries   integer check (keep_binaries between 1 and 1000);

create table binary_backups (
  tenant_id        uuid        not null,
  id               uuid        not null default gen_random_uuid(),
  device_id        uuid        not null,
  -- The text that was read just before it.
  version_id       uuid        not null,
  taken_at         timestamptz not null,
  trigger          text        not null check (trigger in ('manual', 'scheduled', 'operation')),
  actor            text        not null,
  -- What it fits.
  routeros_version text        not null,
  board            text        not null,
  serial           text,
  encryption       text        not null check (encryption in ('aes-sha256', 'rc4')),
  bytes            integer     not null check (bytes between 1 and 33554432),
  sha256           bytea       not null check (length(sha256) = 32),
  -- Encrypted and bound to this row, as the chunks are.
  password         bytea       not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade,
  foreign key (tenant_id, version_id) references config_versions (tenant_id, id) on delete cascade
);
create index binary_backups_by_device on binary_backups (tenant_id, device_id, taken_at desc, id);
create index binary_backups_by_version on binary_backups (tenant_id, version_id);
call protect_tenant_table('binary_backups');
grant select, insert, delete on binary_backups to app_user;

create table binary_backup_chunks (
  tenant_id  uuid    not null,
  backup_id  uuid    not null,
  n          integer not null,
  ciphertext bytea   not null,
  primary key (tenant_id, backup_id, n),
  foreign key (tenant_id, backup_id) references binary_backups (tenant_id, id) on delete cascade
);
-- Ciphertext does not compress: do not try.
alter table binary_backup_chunks alter column ciphertext set storage external;
call protect_tenant_table('binary_backup_chunks');
grant select, insert, delete on binary_backup_chunks to app_user;

-- When each router's next full backup is due, and how the last one went.
create table binary_backup_jobs (
  tenant_id    uuid        not null,
  device_id    uuid        not null,
  -- Null: none is planned.
  due_at       timestamptz,
  leased_until timestamptz,
  trigger      text        not null default 'scheduled' check (trigger in ('manual', 'scheduled')),
  actor        text        not null default 'system:backups',
  failures     integer     not null default 0,
  tried_at     timestamptz,
  succeeded_at timestamptz,
  reason       text,
  detail       text,
  primary key (tenant_id, device_id),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);
create index binary_backup_jobs_due on binary_backup_jobs (due_at) where due_at is not null;
call protect_tenant_table('binary_backup_jobs');
grant select, insert, update, delete on binary_backup_jobs to app_user;
create policy owner_schedules on binary_backup_jobs to current_user using (true) with check (true);

create function system_due_binary_backups(most integer, lease_seconds integer)
  returns table (tenant_id uuid, device_id uuid, trigger text, actor text)
  language sql volatile security definer set search_path = public, pg_temp
  begin atomic
    update binary_backup_jobs b set leased_until = now() + make_interval(secs => lease_seconds)
    from (
      select c.tenant_id, c.device_id from binary_backup_jobs c
      join tenants t on t.id = c.tenant_id and t.is_active
      where c.due_at <= now() and (c.leased_until is null or c.leased_until < now())
      order by c.due_at
      limit most
      for update of c skip locked
    ) due
    where b.tenant_id = due.tenant_id and b.device_id = due.device_id
    returning b.tenant_id, b.device_id, b.trigger, b.actor;
  end;

-- A router on its way back to a full backup. Each state is stored before the step that it names.
create table binary_restores (
  tenant_id      uuid        not null,
  id             uuid        not null default gen_random_uuid(),
  device_id      uuid        not null,
  backup_id      uuid,
  state          text        not null default 'requested' check (state in ('requested', 'saved',
    'uploaded', 'loading', 'waiting', 'unknown', 'restored', 'differs', 'failed')),
  actor          text        not null,
  started_at     timestamptz not null,
  updated_at     timestamptz not null,
  ended_at       timestamptz,
  -- Null: nothing is left to do.
  due_at         timestamptz,
  leased_until   timestamptz,
  -- Grows with each taking: a worker with an older one may write nothing more.
  epoch          integer     not null default 0,
  -- When the router had started, before it was made to restart.
  booted_at      timestamptz,
  loaded_at      timestamptz,
  file_name      text,
  before_version uuid,
  after_version  uuid,
  detail         text,
  primary key (tenant_id, id),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade,
  foreign key (tenant_id, backup_id) references binary_backups (tenant_id, id)
    on delete set null (backup_id)
);
create index binary_restores_by_device on binary_restores (tenant_id, device_id, started_at desc);
create index binary_restores_due on binary_restores (due_at) where due_at is not null;
-- One at a time on a router.
create unique index binary_restores_under_way on binary_restores (tenant_id, device_id)
  where ended_at is null;
call protect_tenant_table('binary_restores');
grant select, insert, update, delete on binary_restores to app_user;
create policy owner_schedules on binary_restores to current_user using (true) with check (true);

create function system_due_binary_restores(most integer, lease_seconds integer)
  returns table (tenant_id uuid, id uuid, epoch integer)
  language sql volatile security definer set search_path = public, pg_temp
  begin atomic
    update binary_restores b
      set leased_until = now() + make_interval(secs => lease_seconds), epoch = b.epoch + 1
    from (
      select c.tenant_id, c.id from binary_restores c
      join tenants t on t.id = c.tenant_id and t.is_active
      where c.due_at <= now() and (c.leased_until is null or c.leased_until < now())
      order by c.due_at
      limit most
      for update of c skip locked
    ) due
    where b.tenant_id = due.tenant_id and b.id = due.id
    returning b.tenant_id, b.id, b.epoch;
  end;
revoke execute on function system_due_binary_backups(integer, integer),
  system_due_binary_restores(integer, integer) from public;
grant execute on function system_due_binary_backups(integer, integer),
  system_due_binary_restores(integer, integer) to app_user;
