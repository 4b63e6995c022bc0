-- Why:   who did what (a hash chain per tenant, append-only) and who read which secret (counted).
-- Locks: none on existing tables but devices, for a moment (one policy).
-- Undo:  drop policy secret_reads_check on devices; drop table secret_reads, audit_checks,
--        audit_names, audit_private, audit_log, audit_heads cascade; drop the functions made here.
--
-- The chain holds commitments only: what may have to be forgotten (labels, addresses, details) stands
-- in audit_private and can be erased; salted hashes of it stay in the chain, which so never breaks.
-- How a row is hashed is told in core/audit/chain.ts and docs/operations.md.

-- Where each chain ends. Its row is the lock under which writers of one tenant take turns.
create table audit_heads (
  tenant_id uuid   primary key references tenants on delete cascade,
  seq       bigint not null default 0 check (seq >= 0),
  hash      bytea  not null check (octet_length(hash) = 32)
);
call protect_tenant_table('audit_heads');
grant select, insert, update (seq, hash) on audit_heads to app_user;

create table audit_log (
  tenant_id      uuid        not null references tenants on delete cascade,
  seq            bigint      not null check (seq > 0),
  -- Version of the encoding that is hashed.
  chain          smallint    not null default 1,
  entry_id       uuid        not null,
  at             timestamptz not null,
  actor          text        not null,
  action         text        not null,
  target_kind    text,
  target_id      text,
  outcome        text        not null check (outcome in ('ok', 'refused')),
  request_id     text,
  label_sha256   bytea       check (octet_length(label_sha256) = 32),
  ip_sha256      bytea       check (octet_length(ip_sha256) = 32),
  details_sha256 bytea       check (octet_length(details_sha256) = 32),
  prev_hash      bytea       not null check (octet_length(prev_hash) = 32),
  hash           bytea       not null check (octet_length(hash) = 32),
  primary key (tenant_id, seq)
);
-- Newest first, alone or within an actor or target; rare actions by their prefix; refusals.
create index audit_log_by_time on audit_log (tenant_id, at desc, seq desc);
create index audit_log_by_actor on audit_log (tenant_id, actor, at desc, seq desc);
create index audit_log_by_target on audit_log (tenant_id, target_kind, target_id, at desc, seq desc);
create index audit_log_by_action on audit_log (tenant_id, action text_pattern_ops, at desc, seq desc);
create index audit_log_refused on audit_log (tenant_id, at desc, seq desc) where outcome = 'refused';
call protect_tenant_table('audit_log');
grant select, insert on audit_log to app_user;

-- What the chain only commits to. Details are encrypted with the tenant's key.
create table audit_private (
  tenant_id    uuid   not null,
  seq          bigint not null,
  target_label text,
  label_salt   bytea,
  ip           text,
  ip_salt      bytea,
  details      bytea,
  primary key (tenant_id, seq),
  foreign key (tenant_id, seq) references audit_log (tenant_id, seq) on delete cascade
);
call protect_tenant_table('audit_private');
grant select, insert, update (target_label, label_salt, ip, ip_salt, details) on audit_private to app_user;

-- What people are called. No part of the chain: forgetting somebody is deleting his row.
create table audit_names (
  tenant_id uuid not null references tenants on delete cascade,
  actor     text not null check (length(actor) between 1 and 200),
  label     text not null check (length(label) between 1 and 300),
  primary key (tenant_id, actor)
);
call protect_tenant_table('audit_names');
grant select, insert, update, delete on audit_names to app_user;

-- How far the chain was found whole, so that each check reads what is new and a part of what is old.
create table audit_checks (
  tenant_id     uuid        primary key references tenants on delete cascade,
  checked_seq   bigint      not null default 0,
  checked_hash  bytea       not null,
  recheck_seq   bigint      not null default 0,
  recheck_hash  bytea       not null,
  checked_at    timestamptz not null,
  broken_seq    bigint,
  broken_reason text
);
call protect_tenant_table('audit_checks');
grant select, insert, update on audit_checks to app_user;

-- Grants bind app_user; these bind everybody who does not switch them off on purpose. Depth above 1 is
-- the cascade of a tenant's deletion.
create function audit_refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and pg_trigger_depth() > 1 then
    return old;
  end if;
  raise exception 'Cannot % rows of %: the audit log is append-only', lower(tg_op), tg_table_name
    using errcode = 'insufficient_privilege';
end $$;
create trigger audit_log_stays before update or delete on audit_log
  for each row execute function audit_refuse_change();
create trigger audit_log_is_not_emptied before truncate on audit_log
  for each statement execute function audit_refuse_change();
create trigger audit_private_stays before delete on audit_private
  for each row execute function audit_refuse_change();
create trigger audit_private_is_not_emptied before truncate on audit_private
  for each statement execute function audit_refuse_change();

create function audit_allow_erasure() returns trigger language plpgsql as $$
begin
  if (new.target_label is null or new.target_label is not distinct from old.target_label)
     and (new.label_salt is null or new.label_salt is not distinct from old.label_salt)
     and (new.ip is null or new.ip is not distinct from old.ip)
     and (new.ip_salt is null or new.ip_salt is not distinct from old.ip_salt)
     and (new.details is null or new.details is not distinct from old.details)
     and (new.tenant_id, new.seq) = (old.tenant_id, old.seq) then
    return new;
  end if;
  raise exception 'Cannot change what an audit row holds: it can only be erased'
    using errcode = 'insufficient_privilege';
end $$;
create trigger audit_private_only_erases before update on audit_private
  for each row execute function audit_allow_erasure();

create function audit_head_moves_on() returns trigger language plpgsql as $$
begin
  if new.seq > old.seq then
    return new;
  end if;
  raise exception 'Cannot move the head of an audit chain back'
    using errcode = 'insufficient_privilege';
end $$;
create trigger audit_heads_move_on before update on audit_heads
  for each row execute function audit_head_moves_on();

-- Every decryption of a secret, counted: by the hour for people, by the day for polling. The device's
-- row may be gone: what was read of it stays told.
create table secret_reads (
  tenant_id       uuid        not null references tenants on delete cascade,
  id              bigint      not null generated always as identity,
  bucket          timestamptz not null,
  actor           text        not null check (length(actor) between 1 and 200),
  purpose         text        not null check (length(purpose) between 1 and 100),
  secret          text        not null check (length(secret) between 1 and 200),
  device_id       uuid,
  count           bigint      not null check (count > 0),
  first_at        timestamptz not null,
  last_at         timestamptz not null,
  last_request_id text,
  primary key (tenant_id, id)
);
create unique index secret_reads_by_bucket on secret_reads
  (tenant_id, bucket, actor, purpose, secret, device_id) nulls not distinct;
create index secret_reads_by_device on secret_reads (tenant_id, device_id, bucket desc);
create index secret_reads_by_time on secret_reads (tenant_id, bucket desc, id desc);
call protect_tenant_table('secret_reads');
-- The functions below run as the owner, which FORCE would otherwise bind when it is no superuser.
create policy owner_keeps on secret_reads to current_user using (true) with check (true);
create policy secret_reads_check on devices for select to current_user using (true);
grant select, insert, update (count, first_at, last_at, last_request_id) on secret_reads to app_user;

-- All that poller_user can do here: add. It names only devices there are, and only this secret.
create function poller_note_secret_reads(
  tenant_ids uuid[], device_ids uuid[], actors text[], purposes text[], counts bigint[],
  first_ats timestamptz[], last_ats timestamptz[]
) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  noted integer;
begin
  if exists (select from unnest(purposes) as purpose where purpose not in ('poll', 'command'))
     or exists (select from unnest(actors) as actor where actor not like 'poller:%') then
    raise exception 'Cannot note a read of a secret for anybody but a poller';
  end if;
  insert into secret_reads (tenant_id, bucket, actor, purpose, secret, device_id, count, first_at, last_at)
  select r.tenant_id,
         date_trunc(case r.purpose when 'poll' then 'day' else 'hour' end, r.last_at, 'UTC'),
         r.actor, r.purpose, 'device.credential', r.device_id,
         sum(r.count), min(r.first_at), max(r.last_at)
  from unnest(tenant_ids, device_ids, actors, purposes, counts, first_ats, last_ats)
         as r (tenant_id, device_id, actor, purpose, count, first_at, last_at)
  join devices d on d.tenant_id = r.tenant_id and d.id = r.device_id
  group by 1, 2, 3, 4, 6
  -- One order for all: two pollers never wait for each other in a circle.
  order by 1, 2, 3, 4, 6
  on conflict (tenant_id, bucket, actor, purpose, secret, device_id) do update
    set count = secret_reads.count + excluded.count,
        first_at = least(secret_reads.first_at, excluded.first_at),
        last_at = greatest(secret_reads.last_at, excluded.last_at);
  get diagnostics noted = row_count;
  return noted;
end $$;

-- The end of old counts, of every tenant. Never of the last 90 days, whoever asks.
create function system_prune_secret_reads(keep_from timestamptz) returns bigint
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  pruned bigint;
begin
  delete from secret_reads where bucket < least(keep_from, now() - interval '90 days');
  get diagnostics pruned = row_count;
  return pruned;
end $$;
revoke execute on function system_prune_secret_reads(timestamptz),
  poller_note_secret_reads(uuid[], uuid[], text[], text[], bigint[], timestamptz[], timestamptz[])
  from public;
grant execute on function system_prune_secret_reads(timestamptz) to app_user;
grant execute on function
  poller_note_secret_reads(uuid[], uuid[], text[], text[], bigint[], timestamptz[], timestamptz[])
  to poller_user;
