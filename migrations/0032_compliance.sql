-- Why:   what routers should hold: rules over their configurations with results, exceptions and scores,
--        and baselines with the items that drifted from them. One queue works all of it out.
-- Locks: config_versions for a moment (a trigger).
-- Undo:  drop trigger check_new_version on config_versions; drop function check_new_version(),
--        system_due_config_checks(integer, integer); drop table drift_ignores, drift_items,
--        config_baselines, compliance_days, compliance_results, compliance_exceptions,
--        compliance_policy_scopes, compliance_policy_rules, compliance_policies, compliance_rules,
--        compliance_libraries, config_checks;

-- When each router's configuration is looked at next, and what came of it last.
create table config_checks (
  tenant_id     uuid        not null,
  device_id     uuid        not null,
  due_at        timestamptz not null default now(),
  leased_until  timestamptz,
  -- Grows with each worker that takes it: what an older one writes is refused.
  epoch         bigint      not null default 0,
  -- Grows with each reason to look: one that comes meanwhile is not lost.
  wanted        bigint      not null default 1,
  checked_at    timestamptz,
  -- The version that was looked at; it may be gone by now. Null: there is no whole backup.
  version_id    uuid,
  version_at    timestamptz,
  -- What exports leave out, as the router told it.
  facts         jsonb,
  facts_at      timestamptz,
  passed_weight integer     not null default 0,
  asked_weight  integer     not null default 0,
  passed        integer     not null default 0,
  failed        integer     not null default 0,
  -- Failed rules that are critical or high.
  failed_hard   integer     not null default 0,
  unknown       integer     not null default 0,
  excepted      integer     not null default 0,
  drifted       integer     not null default 0,
  score         double precision generated always as
    (case when asked_weight > 0 then passed_weight * 100.0 / asked_weight end) stored,
  primary key (tenant_id, device_id),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);
create index config_checks_due on config_checks (due_at);
create index config_checks_worst on config_checks (tenant_id, score, device_id);
create index config_checks_drifted on config_checks (tenant_id, device_id) where drifted > 0;
call protect_tenant_table('config_checks');
grant select, insert, update, delete on config_checks to app_user;
create policy owner_schedules on config_checks to current_user using (true) with check (true);

-- Takes routers that are due, of all tenants, for `lease_seconds`; nobody else gets them meanwhile.
create function system_due_config_checks(most integer, lease_seconds integer)
  returns table (tenant_id uuid, device_id uuid, epoch bigint, wanted bigint)
  language sql volatile security definer set search_path = public, pg_temp
  begin atomic
    update config_checks k set leased_until = now() + make_interval(secs => lease_seconds),
        epoch = k.epoch + 1
    from (
      select c.tenant_id, c.device_id from config_checks c
      join tenants t on t.id = c.tenant_id and t.is_active
      where c.due_at <= now() and (c.leased_until is null or c.leased_until < now())
      order by c.due_at
      limit most
      for update of c skip locked
    ) due
    where k.tenant_id = due.tenant_id and k.device_id = due.device_id
    returning k.tenant_id, k.device_id, k.epoch, k.wanted;
  end;
revoke execute on function system_due_config_checks(integer, integer) from public;
grant execute on function system_due_config_checks(integer, integer) to app_user;

-- A new version of a configuration is a reason to look, whoever stored it.
create function check_new_version() returns trigger
  language plpgsql set search_path = public, pg_temp as $$
begin
  insert into config_checks (tenant_id, device_id) values (new.tenant_id, new.device_id)
    on conflict (tenant_id, device_id)
    do update set due_at = least(config_checks.due_at, now()), wanted = config_checks.wanted + 1;
  return null;
end $$;
create trigger check_new_version after insert on config_versions
  for each row execute function check_new_version();
revoke execute on function check_new_version() from public;

-- Which edition of the starter library a tenant holds.
create table compliance_libraries (
  tenant_id uuid        primary key references tenants on delete cascade,
  edition   integer     not null,
  added_at  timestamptz not null default now()
);
call protect_tenant_table('compliance_libraries');
grant select, insert, update on compliance_libraries to app_user;

create table compliance_rules (
  tenant_id   uuid        not null references tenants on delete cascade,
  id          uuid        not null default gen_random_uuid(),
  -- Of a rule of the starter library; null: somebody's own.
  library_key text        check (library_key ~ '^[a-z0-9-]{1,60}$'),
  -- Edited, it no longer follows the library.
  is_edited   boolean     not null default false,
  title       text        not null check (length(title) between 1 and 120),
  severity    text        not null check (severity in ('critical', 'high', 'medium', 'low')),
  help        text        not null check (length(help) <= 4000),
  body        jsonb       not null,
  fix         jsonb       not null default '[]',
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, library_key)
);
call protect_tenant_table('compliance_rules');
grant select, insert, update, delete on compliance_rules to app_user;

create table compliance_policies (
  tenant_id      uuid        not null references tenants on delete cascade,
  id             uuid        not null default gen_random_uuid(),
  name           text        not null check (length(name) between 1 and 100 and name = btrim(name)),
  description    text        check (length(description) <= 1000),
  is_enabled     boolean     not null default true,
  -- For every router; else for those of its scopes.
  is_for_all     boolean     not null default true,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  primary key (tenant_id, id)
);
create unique index compliance_policies_by_name on compliance_policies (tenant_id, lower(name));
call protect_tenant_table('compliance_policies');
grant select, insert, update, delete on compliance_policies to app_user;

create table compliance_policy_rules (
  tenant_id uuid not null,
  policy_id uuid not null,
  rule_id   uuid not null,
  primary key (tenant_id, policy_id, rule_id),
  foreign key (tenant_id, policy_id) references compliance_policies (tenant_id, id) on delete cascade,
  foreign key (tenant_id, rule_id) references compliance_rules (tenant_id, id) on delete cascade
);
create index compliance_policy_rules_by_rule on compliance_policy_rules (tenant_id, rule_id);
call protect_tenant_table('compliance_policy_rules');
grant select, insert, delete on compliance_policy_rules to app_user;

create table compliance_policy_scopes (
  tenant_id uuid not null,
  id        uuid not null default gen_random_uuid(),
  policy_id uuid not null,
  group_id  uuid,
  tag_id    uuid,
  -- With all sites below it.
  site_id   uuid,
  primary key (tenant_id, id),
  unique nulls not distinct (tenant_id, policy_id, group_id, tag_id, site_id),
  constraint compliance_policy_scopes_one check (num_nonnulls(group_id, tag_id, site_id) = 1),
  foreign key (tenant_id, policy_id) references compliance_policies (tenant_id, id) on delete cascade,
  foreign key (tenant_id, group_id) references device_groups (tenant_id, id) on delete cascade,
  foreign key (tenant_id, tag_id) references tags (tenant_id, id) on delete cascade,
  foreign key (tenant_id, site_id) references sites (tenant_id, id) on delete cascade
);
create index compliance_policy_scopes_by_group on compliance_policy_scopes (tenant_id, group_id);
create index compliance_policy_scopes_by_tag on compliance_policy_scopes (tenant_id, tag_id);
create index compliance_policy_scopes_by_site on compliance_policy_scopes (tenant_id, site_id);
call protect_tenant_table('compliance_policy_scopes');
grant select, insert, delete on compliance_policy_scopes to app_user;

-- That a rule need not hold, for whom, why and until when.
create table compliance_exceptions (
  tenant_id  uuid        not null,
  id         uuid        not null default gen_random_uuid(),
  rule_id    uuid        not null,
  device_id  uuid,
  site_id    uuid,
  tag_id     uuid,
  reason     text        not null check (length(reason) between 3 and 1000),
  created_by text        not null,
  created_at timestamptz not null default now(),
  -- Null: until somebody removes it.
  expires_at timestamptz,
  primary key (tenant_id, id),
  constraint compliance_exceptions_one check (num_nonnulls(device_id, site_id, tag_id) = 1),
  foreign key (tenant_id, rule_id) references compliance_rules (tenant_id, id) on delete cascade,
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade,
  foreign key (tenant_id, site_id) references sites (tenant_id, id) on delete cascade,
  foreign key (tenant_id, tag_id) references tags (tenant_id, id) on delete cascade
);
create index compliance_exceptions_by_rule on compliance_exceptions (tenant_id, rule_id);
create index compliance_exceptions_by_device on compliance_exceptions (tenant_id, device_id);
create index compliance_exceptions_by_site on compliance_exceptions (tenant_id, site_id);
create index compliance_exceptions_by_tag on compliance_exceptions (tenant_id, tag_id);
call protect_tenant_table('compliance_exceptions');
grant select, insert, update, delete on compliance_exceptions to app_user;

create table compliance_results (
  tenant_id    uuid        not null,
  device_id    uuid        not null,
  rule_id      uuid        not null,
  result       text        not null
                 check (result in ('pass', 'fail', 'not_applicable', 'unknown', 'exception')),
  -- What speaks against the router: menu, line, item without its secrets, and what is expected.
  evidence     jsonb       not null default '[]',
  exception_id uuid,
  -- Since when the result is this one.
  since        timestamptz not null,
  primary key (tenant_id, device_id, rule_id),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade,
  foreign key (tenant_id, rule_id) references compliance_rules (tenant_id, id) on delete cascade
);
create index compliance_results_by_rule on compliance_results (tenant_id, rule_id, result, device_id);
call protect_tenant_table('compliance_results');
grant select, insert, update, delete on compliance_results to app_user;

-- The score of each day, of the whole fleet (no site) and of each site.
create table compliance_days (
  tenant_id     uuid    not null references tenants on delete cascade,
  id            uuid    not null default gen_random_uuid(),
  day           date    not null,
  site_id       uuid,
  passed_weight bigint  not null,
  asked_weight  bigint  not null,
  devices       integer not null,
  failing       integer not null,
  drifted       integer not null,
  primary key (tenant_id, id),
  unique nulls not distinct (tenant_id, day, site_id),
  foreign key (tenant_id, site_id) references sites (tenant_id, id) on delete cascade
);
create index compliance_days_by_site on compliance_days (tenant_id, site_id, day);
call protect_tenant_table('compliance_days');
grant select, insert, update, delete on compliance_days to app_user;

-- What a router, or every router of a group, should hold. Compressed, then encrypted and bound to the row.
create table config_baselines (
  tenant_id   uuid        not null,
  id          uuid        not null default gen_random_uuid(),
  -- A whole configuration of one router, or a part that all routers of a group share.
  device_id   uuid,
  group_id    uuid,
  ciphertext  bytea       not null,
  -- Menus of a group's baseline in which nothing else may be.
  whole_menus text[]      not null default '{}',
  -- When the version was taken that it came from; null: written by hand.
  taken_at    timestamptz,
  -- Whoever changes it tells which edition they saw.
  revision    integer     not null default 1,
  updated_by  text        not null,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, device_id),
  unique (tenant_id, group_id),
  constraint config_baselines_one check (num_nonnulls(device_id, group_id) = 1),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade,
  foreign key (tenant_id, group_id) references device_groups (tenant_id, id) on delete cascade
);
call protect_tenant_table('config_baselines');
grant select, insert, update, delete on config_baselines to app_user;

-- Items in which a router differs from a baseline, without their secrets.
create table drift_items (
  tenant_id   uuid        not null,
  id          uuid        not null default gen_random_uuid(),
  device_id   uuid        not null,
  baseline_id uuid        not null,
  -- The same for the same difference, whenever it is worked out.
  fingerprint bytea       not null check (length(fingerprint) = 32),
  kind        text        not null check (kind in ('added', 'removed', 'changed', 'moved')),
  menu        text        not null,
  label       text        not null,
  -- What the baseline has and what the router has, as commands.
  wanted      text,
  running     text,
  attributes  jsonb       not null default '[]',
  place       integer     not null,
  -- When the version was taken in which it was seen first, and who did it as far as is known.
  since       timestamptz not null,
  who         text,
  primary key (tenant_id, id),
  unique (tenant_id, device_id, baseline_id, fingerprint),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade,
  foreign key (tenant_id, baseline_id) references config_baselines (tenant_id, id) on delete cascade
);
create index drift_items_by_baseline on drift_items (tenant_id, baseline_id);
call protect_tenant_table('drift_items');
grant select, insert, update, delete on drift_items to app_user;

-- What may differ, and why.
create table drift_ignores (
  tenant_id   uuid        not null references tenants on delete cascade,
  id          uuid        not null default gen_random_uuid(),
  -- Null: for every baseline.
  baseline_id uuid,
  -- `*` stands for anything.
  menu        text        not null check (length(menu) between 1 and 120),
  attribute   text        check (length(attribute) between 1 and 80),
  comment     text        check (length(comment) between 1 and 200),
  reason      text        not null check (length(reason) between 3 and 1000),
  created_by  text        not null,
  created_at  timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, baseline_id) references config_baselines (tenant_id, id) on delete cascade
);
create index drift_ignores_by_baseline on drift_ignores (tenant_id, baseline_id);
call protect_tenant_table('drift_ignores');
grant select, insert, delete on drift_ignores to app_user;
