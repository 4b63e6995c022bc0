-- Why:   routers are listed by their score, those without one last.
-- Locks: config_checks against writes while its index is built (a second for a million rows).
-- Undo:  drop index config_checks_by_score;
--        create index config_checks_worst on config_checks (tenant_id, score, device_id);

drop index config_checks_worst;
create index config_checks_by_score on config_checks
  (tenant_id, (coalesce(score, 1000::double precision)), device_id);
