-- Why:   where a site's antennas look: sectors with their azimuth, and the routers that stand on them.
-- Locks: devices for a moment (a column without a default, a foreign key whose column is empty).
-- Undo:  drop trigger leave_sector on devices; drop function leave_sector();
--        alter table devices drop column sector_id; drop table site_sectors;

create table site_sectors (
  id         uuid        primary key default gen_random_uuid(),
  tenant_id  uuid        not null,
  site_id    uuid        not null,
  name       text        not null check (length(name) between 1 and 100 and name = btrim(name)),
  -- Degrees clockwise from north.
  azimuth    integer     not null check (azimuth between 0 and 359),
  beamwidth  integer     check (beamwidth between 1 and 360),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, site_id, id),
  foreign key (tenant_id, site_id) references sites (tenant_id, id) on delete cascade
);
create unique index site_sectors_by_name on site_sectors (tenant_id, site_id, lower(name));
call protect_tenant_table('site_sectors');
grant select, insert, update, delete on site_sectors to app_user;

-- Only a sector of the router's own site.
alter table devices
  add column sector_id uuid,
  add constraint devices_sector_needs_site check (sector_id is null or site_id is not null),
  add constraint devices_sector foreign key (tenant_id, site_id, sector_id)
    references site_sectors (tenant_id, site_id, id) on delete set null (sector_id);
create index devices_by_sector on devices (tenant_id, site_id, sector_id) where sector_id is not null;

-- Whoever moves a router to another site leaves its sector behind, however the move came about.
create function leave_sector() returns trigger
  language plpgsql set search_path = public, pg_temp as $$
begin
  if new.sector_id is not distinct from old.sector_id then
    new.sector_id := null;
  end if;
  return new;
end $$;
create trigger leave_sector before update of site_id on devices
  for each row when (old.site_id is distinct from new.site_id) execute function leave_sector();
revoke execute on function leave_sector() from public;
