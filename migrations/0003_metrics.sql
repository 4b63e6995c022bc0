-- Why:   samples over time, in three tiers, so that any chart reads at most about 2,000 points.
-- Locks: none on existing tables.
-- Undo:  drop the tables and functions made here.
--
-- Layout (measured with 10 million rows): daily range partitions, a btree that leads with the device
-- and a BRIN on time; dropping a day takes 0.1 s and gives the space back. No foreign key to devices:
-- ingest proves in the same transaction that the device is the tenant's, and a check per row would
-- cost a sixth of the rate. Grants stand on the parents only, so a partition can never be read
-- directly, where its parent's policies do not hold.

create table health_samples (
  tenant_id          uuid        not null,
  device_id          uuid        not null,
  sampled_at         timestamptz not null,
  cpu_percent        real,
  memory_percent     real,
  free_memory_bytes  bigint,
  disk_percent       real,
  temperature_c      real,
  voltage_v          real,
  connections        integer,
  ppp_active         integer,
  dhcp_leases        integer,
  wireless_clients   integer,
  uptime_seconds     bigint,
  poll_ms            real,
  primary key (device_id, sampled_at)
) partition by range (sampled_at);

create table interface_samples (
  tenant_id         uuid        not null,
  device_id         uuid        not null,
  interface         text        not null,
  sampled_at        timestamptz not null,
  rx_bps            bigint,
  tx_bps            bigint,
  rx_pps            integer,
  tx_pps            integer,
  errors_per_second real,
  drops_per_second  real,
  is_running        boolean     not null,
  primary key (device_id, interface, sampled_at)
) partition by range (sampled_at);

create table radio_samples (
  tenant_id         uuid        not null,
  device_id         uuid        not null,
  interface         text        not null,
  sampled_at        timestamptz not null,
  clients           integer     not null,
  signal_avg_dbm    real,
  signal_worst_dbm  real,
  noise_dbm         real,
  ccq_percent       real,
  primary key (device_id, interface, sampled_at)
) partition by range (sampled_at);

-- Health sensors, optics, PoE: anything that is a named number.
create table sensor_samples (
  tenant_id  uuid        not null,
  device_id  uuid        not null,
  sensor     text        not null,
  sampled_at timestamptz not null,
  kind       text        not null,
  value      real        not null,
  primary key (device_id, sensor, sampled_at)
) partition by range (sampled_at);

-- Rollups keep n, sum, min and max, never an average: averages of averages are wrong.
create table health_5m (
  tenant_id uuid not null, device_id uuid not null, bucket timestamptz not null,
  n integer not null,
  cpu_n integer not null, cpu_sum double precision, cpu_max real,
  memory_n integer not null, memory_sum double precision, memory_max real,
  temperature_n integer not null, temperature_sum double precision, temperature_max real,
  voltage_n integer not null, voltage_sum double precision, voltage_min real, voltage_max real,
  clients_n integer not null, clients_sum double precision, clients_max integer,
  connections_n integer not null, connections_sum double precision, connections_max integer,
  primary key (device_id, bucket)
) partition by range (bucket);
create table health_1h (like health_5m including all) partition by range (bucket);

create table interface_5m (
  tenant_id uuid not null, device_id uuid not null, interface text not null, bucket timestamptz not null,
  n integer not null,
  rx_n integer not null, rx_sum double precision, rx_max bigint,
  tx_n integer not null, tx_sum double precision, tx_max bigint,
  errors_sum double precision, errors_max real,
  drops_sum double precision, drops_max real,
  up_n integer not null,
  primary key (device_id, interface, bucket)
) partition by range (bucket);
create table interface_1h (like interface_5m including all) partition by range (bucket);

create table radio_5m (
  tenant_id uuid not null, device_id uuid not null, interface text not null, bucket timestamptz not null,
  n integer not null,
  clients_sum double precision, clients_max integer,
  signal_n integer not null, signal_sum double precision, signal_min real,
  noise_n integer not null, noise_sum double precision,
  ccq_n integer not null, ccq_sum double precision, ccq_min real,
  primary key (device_id, interface, bucket)
) partition by range (bucket);
create table radio_1h (like radio_5m including all) partition by range (bucket);

create table sensor_5m (
  tenant_id uuid not null, device_id uuid not null, sensor text not null, bucket timestamptz not null,
  kind text not null, n integer not null, sum double precision not null, min real not null, max real not null,
  primary key (device_id, sensor, bucket)
) partition by range (bucket);
create table sensor_1h (like sensor_5m including all) partition by range (bucket);

do $$
declare
  name text;
begin
  foreach name in array array['health_samples', 'interface_samples', 'radio_samples', 'sensor_samples'] loop
    execute format('create index %I on %I using brin (sampled_at)', name || '_by_time', name);
    call protect_tenant_table(name::regclass);
    execute format('grant select, insert, delete on %I to app_user', name);
  end loop;
  foreach name in array array['health_5m', 'health_1h', 'interface_5m', 'interface_1h',
                              'radio_5m', 'radio_1h', 'sensor_5m', 'sensor_1h'] loop
    execute format('create index %I on %I using brin (bucket)', name || '_by_time', name);
    call protect_tenant_table(name::regclass);
    execute format('grant select, insert, update, delete on %I to app_user', name);
  end loop;
end $$;

-- How far each rollup has come, for all tenants together.
create table rollup_progress (
  rollup     text        primary key,
  done_until timestamptz not null
);
grant select, insert, update on rollup_progress to app_user;

-- Makes the daily partitions (monthly for the 1-hour tier) that cover [from_day, to_day]. Idempotent.
create function system_ensure_metric_partitions(from_day date, to_day date) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  parent text;
  step interval;
  lower_bound date;
  upper_bound date;
  child text;
  made integer := 0;
begin
  if to_day - from_day > 400 then
    raise exception 'Cannot make partitions for % days as the limit is 400', to_day - from_day;
  end if;
  foreach parent in array array['health_samples', 'interface_samples', 'radio_samples', 'sensor_samples',
                                'health_5m', 'interface_5m', 'radio_5m', 'sensor_5m',
                                'health_1h', 'interface_1h', 'radio_1h', 'sensor_1h'] loop
    step := case when parent like '%\_1h' then interval '1 month' else interval '1 day' end;
    lower_bound := case when step = interval '1 month' then date_trunc('month', from_day::timestamp)::date else from_day end;
    while lower_bound <= to_day loop
      upper_bound := (lower_bound + step)::date;
      child := parent || '_p' || to_char(lower_bound, 'YYYYMMDD');
      if to_regclass(format('public.%I', child)) is null then
        -- UTC bounds whatever the session's time zone says.
        execute format('create table %I partition of %I for values from (%L) to (%L)', child, parent,
          lower_bound::text || ' 00:00:00+00', upper_bound::text || ' 00:00:00+00');
        made := made + 1;
      end if;
      lower_bound := upper_bound;
    end loop;
  end loop;
  return made;
end $$;

-- Drops the partitions of `parent` that end on or before `keep_from`. Answers how many.
create function system_drop_metric_partitions(parent text, keep_from date) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  child record;
  dropped integer := 0;
begin
  if parent not in ('health_samples', 'interface_samples', 'radio_samples', 'sensor_samples',
                    'health_5m', 'interface_5m', 'radio_5m', 'sensor_5m',
                    'health_1h', 'interface_1h', 'radio_1h', 'sensor_1h') then
    raise exception 'Cannot drop partitions of % as it is no metrics table', parent;
  end if;
  for child in
    select c.relname from pg_inherits i
      join pg_class c on c.oid = i.inhrelid
      join pg_class p on p.oid = i.inhparent
      join pg_namespace n on n.oid = p.relnamespace and n.nspname = 'public'
    where p.relname = parent
  loop
    if (to_date(right(child.relname, 8), 'YYYYMMDD')
        + case when parent like '%\_1h' then interval '1 month' else interval '1 day' end)::date <= keep_from then
      execute format('drop table %I', child.relname);
      dropped := dropped + 1;
    end if;
  end loop;
  return dropped;
end $$;
revoke execute on function system_ensure_metric_partitions(date, date),
                           system_drop_metric_partitions(text, date) from public;
grant execute on function system_ensure_metric_partitions(date, date),
                          system_drop_metric_partitions(text, date) to app_user;
