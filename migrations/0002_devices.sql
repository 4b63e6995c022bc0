-- Why:   the inventory of routers, what is known of each, its status over time, and events.
-- Locks: none on existing tables.
-- Undo:  drop table idempotency_keys, events, device_status_changes, device_state, device_latest,
--        device_credentials, devices;

create table devices (
  id                    uuid        primary key default gen_random_uuid(),
  tenant_id             uuid        not null references tenants on delete cascade,
  name                  text        check (length(name) between 1 and 200),
  address               text        not null check (length(address) between 1 and 253),
  port                  integer     not null check (port between 1 and 65535),
  tls_mode              text        not null check (tls_mode in ('pinned', 'ca', 'insecure', 'plain', 'legacy')),
  tls_fingerprint       text        check (tls_fingerprint ~ '^[0-9a-f]{64}$'),
  tls_ca                text,
  region                text        not null default 'default',
  site                  text        check (length(site) between 1 and 200),
  poll_interval_seconds integer     check (poll_interval_seconds between 5 and 86400),
  is_enabled            boolean     not null default true,
  -- Grows with each edit: the ETag, and how a poller sees that its copy is old.
  revision              integer     not null default 1,
  created_at            timestamptz not null default now(),
  updated_at            timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, address, port)
);
create index devices_by_region on devices (region, id);
call protect_tenant_table('devices');
create policy poller_reads on devices for select to poller_user using (true);
grant select, insert, update, delete on devices to app_user;
grant select on devices to poller_user;

-- Apart from devices, so that no "select *" of a device ever carries a secret.
create table device_credentials (
  tenant_id  uuid        not null,
  device_id  uuid        not null,
  ciphertext bytea       not null,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, device_id),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);
call protect_tenant_table('device_credentials');
create policy poller_reads on device_credentials for select to poller_user using (true);
grant select, insert, update, delete on device_credentials to app_user;
grant select on device_credentials to poller_user;

-- One row a device, upserted with each sample: the fleet table reads only this and devices.
create table device_latest (
  tenant_id        uuid        not null,
  device_id        uuid        not null,
  status           text        not null default 'pending' check (status in ('online', 'offline', 'unknown', 'pending')),
  reason           text        not null default 'never_polled',
  status_detail    text,
  status_since     timestamptz,
  sampled_at       timestamptz,
  identity         text,
  version          text,
  channel          text,
  board_name       text,
  model            text,
  serial_number    text,
  architecture     text,
  firmware_current text,
  firmware_upgrade text,
  cpu_percent      real,
  memory_percent   real,
  disk_percent     real,
  temperature_c    real,
  voltage_v        real,
  rx_bps           bigint,
  tx_bps           bigint,
  wireless_clients integer,
  uptime_seconds   bigint,
  booted_at        timestamptz,
  health_score     smallint    check (health_score between 0 and 100),
  health_reasons   text[]      not null default '{}',
  primary key (tenant_id, device_id),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
) with (fillfactor = 70);  -- room for HOT updates: every column but the key changes all the time
call protect_tenant_table('device_latest');
grant select, insert, update, delete on device_latest to app_user;

-- The last reading of each section (interfaces, wireless, neighbors …) as the contract's JSON.
create table device_state (
  tenant_id  uuid        not null,
  device_id  uuid        not null,
  section    text        not null,
  sampled_at timestamptz not null,
  data       jsonb       not null,
  primary key (tenant_id, device_id, section),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
) with (fillfactor = 70);
call protect_tenant_table('device_state');
grant select, insert, update, delete on device_state to app_user;

-- Every change of status with its reason: availability and SLA are sums over this.
create table device_status_changes (
  tenant_id uuid        not null,
  device_id uuid        not null,
  at        timestamptz not null,
  status    text        not null check (status in ('online', 'offline', 'unknown')),
  reason    text        not null,
  detail    text,
  primary key (tenant_id, device_id, at),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);
call protect_tenant_table('device_status_changes');
grant select, insert, delete on device_status_changes to app_user;

create table events (
  tenant_id   uuid        not null references tenants on delete cascade,
  id          bigint      not null generated always as identity,
  at          timestamptz not null,
  kind        text        not null,
  severity    text        not null check (severity in ('info', 'warning', 'critical')),
  device_id   uuid,
  -- Kept as it was then: the event outlives the device.
  device_name text,
  message     text        not null,
  data        jsonb       not null default '{}',
  primary key (tenant_id, id)
);
create index events_by_time on events (tenant_id, at desc, id desc);
create index events_by_device on events (tenant_id, device_id, at desc);
call protect_tenant_table('events');
grant select, insert, delete on events to app_user;

-- Answers to creates that carried an Idempotency-Key, kept for a day.
create table idempotency_keys (
  tenant_id    uuid        not null references tenants on delete cascade,
  key          text        not null check (length(key) between 1 and 200),
  actor        text        not null,
  route        text        not null,
  request_hash text        not null,
  status       integer     not null,
  body         jsonb       not null,
  created_at   timestamptz not null default now(),
  primary key (tenant_id, actor, key)
);
create index idempotency_keys_by_age on idempotency_keys (tenant_id, created_at);
call protect_tenant_table('idempotency_keys');
grant select, insert, delete on idempotency_keys to app_user;

-- "7.16.2" as {7,16,2}, so that 7.9 sorts before 7.16; a beta's letters end its number.
create function version_key(version text) returns integer[]
  language sql immutable parallel safe
  return (select array_agg(left(part[1], 9)::integer order by ord)
            from regexp_matches(version, '(\d+)', 'g') with ordinality as matches(part, ord));
