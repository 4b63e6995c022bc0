-- Why:   the overview looks at the last five minutes of one tenant's radios; by time alone it would read
--        those of every tenant.
-- Locks: radio_5m against the rollup job while each partition's index is built: seconds.
-- Undo:  drop index radio_5m_by_tenant;
create index radio_5m_by_tenant on radio_5m (tenant_id, bucket);
