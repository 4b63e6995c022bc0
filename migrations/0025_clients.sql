-- Why:   devices behind the routers, found across the whole fleet, and where each was seen.
-- Locks: none on existing tables.
-- Undo:  drop table client_words, client_sightings, clients;
--
-- Row-level security lets an index serve only conditions whose operators are leakproof: =, <, > of
-- text, macaddr and inet are, LIKE and << are not. Hence keys in collation "C", ranges instead of
-- patterns, a reversed MAC for its end and a table of words for what stands within a name.
-- last_seen changes all the time and stands in no index, so that its update touches none (HOT).

create table clients (
  tenant_id    uuid        not null references tenants on delete cascade,
  mac          macaddr     not null,
  -- Its end, read backwards: "…ee:ff" is a prefix of it.
  mac_reversed text        collate "C" not null,
  is_random    boolean     not null
                           generated always as ((mac & macaddr '02:00:00:00:00:00') = macaddr '02:00:00:00:00:00') stored,
  kind         text        not null default 'client' check (kind in ('client', 'neighbour', 'router')),
  name         text        check (length(name) <= 255),
  -- Without a name last.
  name_key     text        collate "C" not null
                           generated always as (coalesce(lower(left(name, 64)), U&'\+10FFFF')) stored,
  vendor       text        check (length(vendor) <= 100),
  vendor_key   text        collate "C" generated always as (lower(vendor)) stored,
  ip           inet,
  ip6          inet,
  -- Without an address last.
  ip_key       inet        not null
                           generated always as (coalesce(ip, ip6, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'::inet)) stored,
  -- The best place known: a radio before a port, a port before a router that has its address only.
  device_id    uuid,
  interface    text        check (length(interface) <= 200),
  ssid         text        check (length(ssid) <= 200),
  ssid_key     text        collate "C" generated always as (lower(left(ssid, 64))) stored,
  vlan         integer,
  is_wireless  boolean     not null default false,
  place_rank   smallint    not null default 9,
  placed_at    timestamptz not null,
  first_seen   timestamptz not null,
  last_seen    timestamptz not null,
  -- The day of last_seen: for retention, by an index that changes once a day.
  seen_on      date        not null,
  primary key (tenant_id, mac),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete set null (device_id)
) with (fillfactor = 80);
create index clients_by_first_seen on clients (tenant_id, first_seen, mac) where kind <> 'router';
create index clients_by_name on clients (tenant_id, name_key, mac) where kind <> 'router';
create index clients_by_ip on clients (tenant_id, ip_key, mac);
create index clients_by_mac on clients (tenant_id, mac) where kind <> 'router';
create index clients_by_mac_end on clients (tenant_id, mac_reversed);
create index clients_by_ip6 on clients (tenant_id, ip6) where ip6 is not null;
create index clients_by_vendor on clients (tenant_id, vendor_key);
create index clients_by_ssid on clients (tenant_id, ssid_key) where ssid_key is not null;
create index clients_by_device on clients (tenant_id, device_id);
create index clients_by_age on clients (tenant_id, seen_on);
call protect_tenant_table('clients');
grant select, insert, update, delete on clients to app_user;

-- The words of each name, so that any of them finds it.
create table client_words (
  tenant_id uuid    not null,
  word      text    collate "C" not null check (length(word) between 1 and 64),
  mac       macaddr not null,
  primary key (tenant_id, word, mac),
  foreign key (tenant_id, mac) references clients (tenant_id, mac) on delete cascade
);
create index client_words_by_mac on client_words (tenant_id, mac);
call protect_tenant_table('client_words');
grant select, insert, delete on client_words to app_user;

-- Where a MAC was, from when to when; a device's present stay is the open one. Not a row a reading.
create table client_sightings (
  tenant_id   uuid        not null,
  id          bigint      not null generated always as identity,
  mac         macaddr     not null,
  device_id   uuid        not null,
  interface   text        check (length(interface) <= 200),
  ssid        text        check (length(ssid) <= 200),
  vlan        integer,
  ip          inet,
  is_wireless boolean     not null,
  first_seen  timestamptz not null,
  last_seen   timestamptz not null,
  seen_on     date        not null,
  is_open     boolean     not null default true,
  primary key (tenant_id, id),
  foreign key (tenant_id, mac) references clients (tenant_id, mac) on delete cascade,
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
) with (fillfactor = 80);
create unique index client_sightings_open on client_sightings (tenant_id, device_id, mac) where is_open;
create index client_sightings_by_device on client_sightings (tenant_id, device_id);
create index client_sightings_by_mac on client_sightings (tenant_id, mac, first_seen desc, id desc);
create index client_sightings_by_age on client_sightings (tenant_id, seen_on);
call protect_tenant_table('client_sightings');
grant select, insert, update, delete on client_sightings to app_user;
