-- Why:   the availability of a whole fleet walks along its changes of status by time; the primary key
--        leads with the device.
-- Locks: device_status_changes against writes while the index is built: one row an outage, so moments.
-- Undo:  drop index device_status_changes_by_time;
create index device_status_changes_by_time on device_status_changes (tenant_id, at);
