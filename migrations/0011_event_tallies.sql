-- Why:   what repeats (failed logins, edits on a router) is one event that grows, not a row each time.
-- Locks: events for a moment (columns with constant defaults); its index is built under that lock.
-- Undo:  drop index events_tallies; alter table events drop column tally, drop column count,
--        drop column last_at; revoke update on events from app_user.

alter table events
  add column count   integer not null default 1 check (count > 0),
  add column last_at timestamptz,
  -- What is counted together: kind, window and whatever else tells it apart. Null: it stands alone.
  add column tally   text    check (length(tally) <= 300);
create unique index events_tallies on events (tenant_id, device_id, tally) where tally is not null;
grant update (count, last_at, severity, message, data) on events to app_user;
