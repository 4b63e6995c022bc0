-- Why:   links between routers as they were worked out of what routers say of their neighbours, since
--        when and until when; neighbours nobody manages; where people put nodes of the picture.
-- Locks: device_state against writes while its index is built.
-- Undo:  drop table topology_positions, topology_links, topology_nodes, topology_runs;
--        drop index device_state_by_section;

-- The section never changes, so rows still change in place (HOT).
create index device_state_by_section on device_state (tenant_id, section);

-- What is in the picture and no device: neighbours that are not managed, shared segments.
create table topology_nodes (
  tenant_id     uuid        not null references tenants on delete cascade,
  key           text        not null check (length(key) between 1 and 300),
  kind          text        not null check (kind in ('unmanaged', 'segment')),
  identity      text        check (length(identity) <= 200),
  address       text        check (length(address) <= 64),
  mac_address   text        check (length(mac_address) <= 17),
  platform      text        check (length(platform) <= 100),
  board         text        check (length(board) <= 100),
  version       text        check (length(version) <= 100),
  first_seen_at timestamptz not null,
  last_seen_at  timestamptz not null,
  primary key (tenant_id, key)
);

create table topology_links (
  tenant_id     uuid        not null references tenants on delete cascade,
  id            uuid        not null default gen_random_uuid(),
  kind          text        not null check (kind in ('wired', 'wireless', 'tunnel', 'virtual')),
  -- A node is a device (its id too, so that links go with it) or a key of topology_nodes.
  a_node        text        not null check (length(a_node) <= 300),
  a_device_id   uuid,
  a_interface   text        not null check (length(a_interface) <= 200),
  a_seen_at     timestamptz,
  b_node        text        not null check (length(b_node) <= 300),
  b_device_id   uuid,
  b_interface   text        not null check (length(b_interface) <= 200),
  b_seen_at     timestamptz,
  also_on       text[]      not null default '{}',
  first_seen_at timestamptz not null,
  last_seen_at  timestamptz not null,
  -- Its ends report and do not see each other any more.
  gone_at       timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, a_device_id) references devices (tenant_id, id) on delete cascade,
  foreign key (tenant_id, b_device_id) references devices (tenant_id, id) on delete cascade
);
create unique index topology_links_by_ends
  on topology_links (tenant_id, a_node, a_interface, b_node, b_interface);
create index topology_links_by_a on topology_links (tenant_id, a_device_id);
create index topology_links_by_b on topology_links (tenant_id, b_device_id);

create table topology_positions (
  tenant_id  uuid             not null references tenants on delete cascade,
  node       text             not null check (length(node) between 1 and 300),
  x          double precision not null check (x between -1000000 and 1000000),
  y          double precision not null check (y between -1000000 and 1000000),
  updated_at timestamptz      not null default now(),
  primary key (tenant_id, node)
);

-- When a tenant's links were last worked out.
create table topology_runs (
  tenant_id   uuid        primary key references tenants on delete cascade,
  computed_at timestamptz not null,
  -- What had been said then, in short: the same again is nothing to do.
  marker      text        not null
);

call protect_tenant_table('topology_nodes');
call protect_tenant_table('topology_links');
call protect_tenant_table('topology_positions');
call protect_tenant_table('topology_runs');
grant select, insert, update, delete on topology_nodes, topology_links, topology_positions, topology_runs
  to app_user;
