-- Why:   one command, template or change set for many routers as a durable job, in waves, with what came
--        of each router.
-- Locks: none on existing tables.
-- Undo:  drop function system_due_bulk_jobs(integer, integer);
--        drop table bulk_job_items, bulk_outputs, bulk_jobs;

create table bulk_jobs (
  id               uuid        primary key default gen_random_uuid(),
  tenant_id        uuid        not null references tenants on delete cascade,
  title            text        not null check (length(title) between 1 and 200),
  kind             text        not null check (kind in ('command', 'template', 'change_set')),
  state            text        not null default 'running'
                               check (state in ('scheduled', 'running', 'paused', 'ended', 'aborted')),
  paused_why       text        check (paused_why in ('by_hand', 'failures', 'canary', 'rights')),
  -- Whose rights it has.
  actor            text        not null,
  created_at       timestamptz not null,
  -- Null: at once.
  start_at         timestamptz,
  ended_at         timestamptz,
  expires_at       timestamptz not null,
  plan             jsonb       not null,
  -- How the routers were chosen; null: one by one.
  query            text        check (length(query) <= 1000),
  -- From 1; 0: not begun.
  wave             integer     not null default 0,
  waves            integer     not null check (waves >= 1),
  next_wave_at     timestamptz,
  -- Failures that somebody saw and resumed after.
  accepted         integer     not null default 0,
  timeout_seconds  integer     not null default 60,
  template_id      uuid,
  template_version integer,
  template_name    text,
  change_set_id    uuid,
  -- The script, or the values given for this occasion: encrypted, bound to the row.
  spec             bytea       not null,
  -- Who drives it now; a later driver has a higher epoch, and what an earlier one writes fails.
  epoch            bigint      not null default 0,
  leased_until     timestamptz,
  look_at          timestamptz not null,
  unique (tenant_id, id),
  foreign key (tenant_id, template_id) references templates (tenant_id, id)
    on delete set null (template_id)
);
create index bulk_jobs_by_time on bulk_jobs (tenant_id, created_at desc, id);
create index bulk_jobs_by_template on bulk_jobs (tenant_id, template_id)
  where template_id is not null;
create index bulk_jobs_due on bulk_jobs (look_at) where state in ('scheduled', 'running');
create index bulk_jobs_leased on bulk_jobs (leased_until) where leased_until is not null;
call protect_tenant_table('bulk_jobs');
grant select, insert, update, delete on bulk_jobs to app_user;
create policy owner_schedules on bulk_jobs to current_user using (true) with check (true);

-- What routers printed, each text once a job, its secrets hidden.
create table bulk_outputs (
  tenant_id    uuid    not null,
  id           uuid    not null default gen_random_uuid(),
  job_id       uuid    not null,
  digest       bytea   not null check (length(digest) = 32),
  -- Of the text without what differs from router to router by itself.
  group_digest bytea   not null check (length(group_digest) = 32),
  ciphertext   bytea   not null,
  is_cut       boolean not null default false,
  primary key (tenant_id, id),
  unique (tenant_id, job_id, digest),
  foreign key (tenant_id, job_id) references bulk_jobs (tenant_id, id) on delete cascade
);
call protect_tenant_table('bulk_outputs');
grant select, insert, delete on bulk_outputs to app_user;

create table bulk_job_items (
  tenant_id   uuid        not null,
  job_id      uuid        not null,
  position    integer     not null,
  -- No reference, and the name as it was then: the result outlives the router.
  device_id   uuid        not null,
  device_name text        not null,
  wave        integer     not null check (wave >= 1),
  state       text        not null default 'pending' check (state in
                ('pending', 'running', 'done', 'failed', 'unknown', 'expired', 'skipped')),
  tries       integer     not null default 0,
  -- Not before: it was tried in vain a moment ago.
  not_before  timestamptz,
  reason      text        check (length(reason) <= 1000),
  output_id   uuid,
  push_id     uuid,
  started_at  timestamptz,
  ended_at    timestamptz,
  primary key (tenant_id, job_id, position),
  unique (tenant_id, job_id, device_id),
  foreign key (tenant_id, job_id) references bulk_jobs (tenant_id, id) on delete cascade,
  foreign key (tenant_id, output_id) references bulk_outputs (tenant_id, id)
    on delete set null (output_id)
);
create index bulk_job_items_by_state on bulk_job_items (tenant_id, job_id, state, wave, position);
create index bulk_job_items_by_output on bulk_job_items (tenant_id, output_id)
  where output_id is not null;
call protect_tenant_table('bulk_job_items');
grant select, insert, update, delete on bulk_job_items to app_user;

-- Takes jobs that somebody must drive, of all tenants, for `lease_seconds`, each with a new epoch.
create function system_due_bulk_jobs(most integer, lease_seconds integer)
  returns table (tenant_id uuid, job_id uuid, epoch bigint)
  language sql volatile security definer set search_path = public, pg_temp
  begin atomic
    update bulk_jobs j
    set leased_until = now() + make_interval(secs => lease_seconds), epoch = j.epoch + 1
    from (
      select c.id from bulk_jobs c
      join tenants t on t.id = c.tenant_id and t.is_active
      -- A lease that ran out was nobody's to end: its driver died, whatever became of the job.
      where c.leased_until < now()
        or (c.leased_until is null and c.state in ('scheduled', 'running') and c.look_at <= now())
      order by c.look_at
      limit most
      for update of c skip locked
    ) due
    where j.id = due.id
    returning j.tenant_id, j.id, j.epoch;
  end;
revoke execute on function system_due_bulk_jobs(integer, integer) from public;
grant execute on function system_due_bulk_jobs(integer, integer) to app_user;
