-- Why:   changes that are pushed to routers, each with all that is needed to finish it or to take it
--        back after a crash of whoever drove it.
-- Locks: none on existing tables.
-- Undo:  drop table pushes; drop function system_due_pushes(integer);

create table pushes (
  tenant_id      uuid        not null,
  id             uuid        not null default gen_random_uuid(),
  device_id      uuid        not null,
  -- Names what it puts on the router.
  token          text        not null check (token ~ '^[0-9a-f]{10}$'),
  title          text        not null check (length(title) between 1 and 200),
  source_kind    text        not null,
  source_id      text        check (length(source_id) <= 80),
  commands       integer     not null check (commands > 0),
  confirm        text        not null check (confirm in ('auto', 'manual')),
  window_seconds integer     not null,
  -- The request, the plan and the evidence hold configuration with its secrets: compressed, encrypted
  -- and bound to the row.
  request        bytea       not null,
  plan           bytea,
  evidence       bytea,
  risks          jsonb       not null default '[]',
  state          text        not null default 'draft' check (state in ('draft', 'backed_up', 'armed',
                   'applied', 'confirming', 'confirmed', 'reverting', 'reverted', 'failed', 'unknown')),
  tier           text        check (tier in ('safe_mode', 'script', 'backup', 'unprotected')),
  reason         text,
  timeline       jsonb       not null default '[]',
  -- What else the engine must remember; nothing of the configuration.
  progress       jsonb       not null default '{}',
  -- What a person, or the policy, wants of it; whoever drives it reads it, and never writes it.
  decision       text        check (decision in ('confirm', 'revert')),
  decided_by     text,
  decided_at     timestamptz,
  confirm_by     timestamptz,
  started_by     text        not null,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  ended_at       timestamptz,
  -- When it wants to be looked at next; null once it ended.
  due_at         timestamptz default now(),
  leased_until   timestamptz,
  -- Grows with each worker that takes it: what an older one writes is refused.
  epoch          bigint      not null default 0,
  primary key (tenant_id, id),
  check ((ended_at is null) or (due_at is null)),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);
-- One at a time a router: what a second one would take for the old configuration is the first one's.
create unique index pushes_unfinished on pushes (tenant_id, device_id) where ended_at is null;
create index pushes_by_time on pushes (tenant_id, created_at desc, id);
create index pushes_by_device on pushes (tenant_id, device_id, created_at desc, id);
create index pushes_due on pushes (due_at) where due_at is not null;
call protect_tenant_table('pushes');
grant select, insert, update on pushes to app_user;
create policy owner_looks on pushes for select to current_user using (true);

-- Pushes of all tenants that somebody must drive now and nobody does. Taking one is another step, which
-- its epoch guards. One that has begun is finished even where its tenant was switched off: the router waits.
create function system_due_pushes(most integer)
  returns table (tenant_id uuid, id uuid)
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select p.tenant_id, p.id from pushes p join tenants t on t.id = p.tenant_id
    where p.due_at <= now() and (p.leased_until is null or p.leased_until < now())
      and (t.is_active or p.state <> 'draft')
    order by p.due_at
    limit most;
  end;
revoke execute on function system_due_pushes(integer) from public;
grant execute on function system_due_pushes(integer) to app_user;
