-- Why:   disk, PPP sessions, DHCP leases, poll time and packets were kept raw only: now for years, too.
-- Locks: the rollup tables for a moment; a column with a constant default rewrites nothing.
-- Undo:  drop the columns.

do $$
declare
  tier text;
begin
  foreach tier in array array['5m', '1h'] loop
    execute format('alter table %I
      add column disk_n integer not null default 0, add column disk_sum double precision,
      add column disk_max real,
      add column ppp_n integer not null default 0, add column ppp_sum double precision,
      add column ppp_max integer,
      add column leases_n integer not null default 0, add column leases_sum double precision,
      add column leases_max integer,
      add column poll_n integer not null default 0, add column poll_sum double precision,
      add column poll_max real', 'health_' || tier);
    execute format('alter table %I
      add column rx_pps_n integer not null default 0, add column rx_pps_sum double precision,
      add column rx_pps_max integer,
      add column tx_pps_n integer not null default 0, add column tx_pps_sum double precision,
      add column tx_pps_max integer', 'interface_' || tier);
  end loop;
end $$;
