-- Why:   log lines of routers, in daily partitions, searched newest first.
-- Locks: none on existing tables.
-- Undo:  drop table device_logs; drop function system_ensure_log_partitions(date, date),
--        system_drop_log_partitions(date).
--
-- As with samples: no foreign key to devices (ingest proves in the same transaction whose device it is),
-- and grants on the parent only. Searching reads backwards along an index, a bounded number of rows a
-- request: no index over words, which would cost more at each insert than the search saves.

create table device_logs (
  tenant_id   uuid        not null,
  device_id   uuid        not null,
  -- When it arrived, and its order within the millisecond.
  at          timestamptz not null,
  n           integer     not null,
  level       smallint    not null check (level between 0 and 7),
  topics      text[]      not null,
  message     text        not null check (length(message) <= 8192),
  -- As the router wrote it.
  device_time text        check (length(device_time) <= 64),
  primary key (tenant_id, device_id, at, n)
) partition by range (at);
create index device_logs_by_time on device_logs (tenant_id, at);
-- What is worth looking at is rare among what is said.
create index device_logs_warnings on device_logs (tenant_id, at) where level <= 4;
call protect_tenant_table('device_logs');
grant select, insert, delete on device_logs to app_user;

-- Makes the daily partitions that cover [from_day, to_day]. Idempotent.
create function system_ensure_log_partitions(from_day date, to_day date) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  day date := from_day;
  child text;
  made integer := 0;
begin
  if to_day - from_day > 400 then
    raise exception 'Cannot make partitions for % days as the limit is 400', to_day - from_day;
  end if;
  while day <= to_day loop
    child := 'device_logs_p' || to_char(day, 'YYYYMMDD');
    if to_regclass(format('public.%I', child)) is null then
      -- UTC bounds whatever the session's time zone says.
      execute format('create table %I partition of device_logs for values from (%L) to (%L)', child,
        day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
      made := made + 1;
    end if;
    day := day + 1;
  end loop;
  return made;
end $$;

-- Drops the partitions that end on or before `keep_from`. Answers how many.
create function system_drop_log_partitions(keep_from date) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  child record;
  dropped integer := 0;
begin
  for child in
    select c.relname from pg_inherits i
      join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'public.device_logs'::regclass
  loop
    if to_date(right(child.relname, 8), 'YYYYMMDD') + 1 <= keep_from then
      execute format('drop table %I', child.relname);
      dropped := dropped + 1;
    end if;
  end loop;
  return dropped;
end $$;
revoke execute on function system_ensure_log_partitions(date, date), system_drop_log_partitions(date)
  from public;
grant execute on function system_ensure_log_partitions(date, date), system_drop_log_partitions(date)
  to app_user;
