-- Why:   the end of a MAC address is searched in small letters, and was written in capitals: nothing was
--        found by it. The database makes it from the address itself now.
-- Locks: clients, rewritten once.
-- Undo:  alter table clients alter column mac_reversed drop expression;

alter table clients drop column mac_reversed;  -- with its index
alter table clients add column mac_reversed text collate "C" not null
  generated always as (reverse(replace(mac::text, ':', ''))) stored;
create index clients_by_mac_end on clients (tenant_id, mac_reversed);
