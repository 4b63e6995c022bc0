-- Why:   scans of address ranges by a poller: what was asked for, how far it came, what it found. Kept, so
--        that a reload of the page, a restart of the API or a dead poller loses nothing and hides nothing.
-- Locks: none on existing tables.
-- Undo:  drop table scan_hosts, scans; drop function system_interrupt_scans(timestamptz);

create table scans (
  id         uuid        not null default gen_random_uuid(),
  tenant_id  uuid        not null references tenants on delete cascade,
  -- As it was typed.
  targets    text        not null check (length(targets) between 1 and 8000),
  region     text        not null check (length(region) between 1 and 40),
  status     text        not null default 'running'
                         check (status in ('running', 'done', 'cancelled', 'interrupted', 'failed')),
  reason     text        check (length(reason) <= 1000),
  total      integer     not null check (total >= 0),
  done       integer     not null default 0,
  started_by text        not null check (length(started_by) <= 200),
  poller     text        check (length(poller) <= 200),
  started_at timestamptz not null,
  -- When its poller said something last: silence for long means that it died.
  heard_at   timestamptz not null,
  ended_at   timestamptz,
  cancel_at  timestamptz,
  primary key (tenant_id, id)
);
create index scans_by_time on scans (tenant_id, started_at desc, id);
create index scans_running on scans (heard_at) where status = 'running';
call protect_tenant_table('scans');
-- The function below runs as the owner, which FORCE would otherwise bind when it is no superuser.
create policy owner_keeps on scans to current_user using (true) with check (true);
grant select, insert, update, delete on scans to app_user;

create table scan_hosts (
  tenant_id uuid        not null,
  scan_id   uuid        not null,
  address   text        not null check (length(address) between 1 and 45),
  -- HostFindings of the contract.
  findings  jsonb       not null,
  found_at  timestamptz not null,
  primary key (tenant_id, scan_id, address),
  foreign key (tenant_id, scan_id) references scans (tenant_id, id) on delete cascade
);
call protect_tenant_table('scan_hosts');
grant select, insert, update, delete on scan_hosts to app_user;

-- Scans, of any tenant, whose poller has said nothing since; each is told once.
create function system_interrupt_scans(silent_since timestamptz)
  returns table (tenant_id uuid, id uuid)
  language sql security definer set search_path = public, pg_temp
  begin atomic
    update scans s
      set status = 'interrupted', ended_at = s.heard_at,
          reason = 'Its poller stopped answering: what was found until then is below.'
      where s.status = 'running' and s.heard_at < silent_since
      returning s.tenant_id, s.id;
  end;
revoke execute on function system_interrupt_scans(timestamptz) from public;
grant execute on function system_interrupt_scans(timestamptz) to app_user;
