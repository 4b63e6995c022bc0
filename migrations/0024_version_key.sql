-- Why:   version_key() is asked of every router when a search or the rule of a group compares versions;
--        without a set-returning function inside it takes a third of the time.
-- Locks: none; no index is made of it.
-- Undo:  version_key() as 0002 has it.

-- "7.16.2" as {7,16,2}, so that 7.9 sorts before 7.16; a beta's letters end its number. Each number is
-- cut to nine digits: what a router calls its version must not overflow an integer.
create or replace function version_key(version text) returns integer[]
  language sql immutable parallel safe
  return string_to_array(nullif(btrim(regexp_replace(
    regexp_replace(left(version, 100), '(\d{9})\d+', '\1', 'g'), '\D+', ' ', 'g')), ''), ' ')::integer[];
