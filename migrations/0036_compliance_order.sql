-- Why:   routers are listed by their score, those without one last; how many routers hold a rule is
--        kept with the rule, as counting goes through every result of a tenant.
-- Locks: config_checks against writes while its index is built (a second for a million rows);
--        compliance_rules for a moment (a column with a constant default).
-- Undo:  alter table compliance_rules drop column counts; drop index config_checks_by_score;
--        create index config_checks_worst on config_checks (tenant_id, score, device_id);

drop index config_checks_worst;
create index config_checks_by_score on config_checks
  (tenant_id, (coalesce(score, 1000::double precision)), device_id);

-- Routers by result, as they were counted last.
alter table compliance_rules add column counts jsonb not null default '{}';
