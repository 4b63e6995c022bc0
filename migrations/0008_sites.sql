-- Why:   where routers stand: a tree of sites for each tenant. What devices.site said becomes a site.
-- Locks: devices for the time of one pass over it (a column goes, another comes).
-- Undo:  alter table devices add column site text; update devices d set site = (select s.name from
--        sites s where s.id = d.site_id); alter table devices drop column site_id; drop table sites;
--        drop function place_site(), replace_children();

create table sites (
  id         uuid             primary key default gen_random_uuid(),
  tenant_id  uuid             not null references tenants on delete cascade,
  parent_id  uuid,
  name       text             not null check (length(name) between 1 and 200 and name = btrim(name)
                                              and position(' / ' in name) = 0),
  -- Names from the top down, ' / ' between them. Kept by the triggers below, with the depth.
  path       text             not null,
  depth      integer          not null constraint sites_depth check (depth between 1 and 8),
  address    text             check (length(address) <= 500),
  notes      text             check (length(notes) <= 4000),
  latitude   double precision check (latitude between -90 and 90),
  longitude  double precision check (longitude between -180 and 180),
  created_at timestamptz      not null default now(),
  updated_at timestamptz      not null default now(),
  unique (tenant_id, id),
  check (parent_id is distinct from id),
  check ((latitude is null) = (longitude is null)),
  constraint sites_parent foreign key (tenant_id, parent_id) references sites (tenant_id, id)
);
create unique index sites_by_name
  on sites (tenant_id, coalesce(parent_id, '00000000-0000-0000-0000-000000000000'), lower(name));
create index sites_by_parent on sites (tenant_id, parent_id);

-- Path and depth from the parent. Who moves a site waits for whoever moves another one of the tenant:
-- two moves at once could close a circle that neither of them sees.
create function place_site() returns trigger
  language plpgsql set search_path = public, pg_temp as $$
declare
  above record;
begin
  perform pg_advisory_xact_lock(hashtextextended('sites ' || new.tenant_id, 0));
  if new.parent_id is null then
    new.path := new.name;
    new.depth := 1;
    return new;
  end if;
  if tg_op = 'UPDATE' and new.parent_id is distinct from old.parent_id and exists (
    with recursive up as (
      select s.id, s.parent_id from sites s where s.tenant_id = new.tenant_id and s.id = new.parent_id
      union
      select s.id, s.parent_id from sites s join up on s.tenant_id = new.tenant_id and s.id = up.parent_id
    )
    select from up where up.id = new.id
  ) then
    raise exception 'a site cannot stand below itself'
      using errcode = 'check_violation', constraint = 'sites_circle';
  end if;
  select s.path, s.depth into above from sites s
    where s.tenant_id = new.tenant_id and s.id = new.parent_id;
  if not found then
    raise exception 'there is no such site' using errcode = 'foreign_key_violation', constraint = 'sites_parent';
  end if;
  new.path := above.path || ' / ' || new.name;
  new.depth := above.depth + 1;
  return new;
end $$;
create trigger place_site before insert or update of parent_id, name, path on sites
  for each row execute function place_site();

-- What stands below follows: each child is placed anew, which ends when nothing is below any more.
create function replace_children() returns trigger
  language plpgsql set search_path = public, pg_temp as $$
begin
  update sites set path = path where tenant_id = new.tenant_id and parent_id = new.id;
  return null;
end $$;
create trigger replace_children after update of parent_id, name, path on sites
  for each row when (old.path is distinct from new.path) execute function replace_children();
revoke execute on function place_site(), replace_children() from public;

alter table devices add column site_id uuid;
-- The owner sees no row while row-level security is forced upon it.
alter table devices no force row level security;
insert into sites (tenant_id, name)
  select distinct on (tenant_id, lower(called)) tenant_id, called
  from (select tenant_id, btrim(replace(site, ' / ', ' - ')) as called from devices) d
  where called <> ''
  order by tenant_id, lower(called);
update devices d set site_id = s.id from sites s
  where s.tenant_id = d.tenant_id and lower(s.name) = lower(btrim(replace(d.site, ' / ', ' - ')));
alter table devices force row level security;
alter table devices drop column site;
alter table devices add constraint devices_site foreign key (tenant_id, site_id)
  references sites (tenant_id, id);
create index devices_by_site on devices (tenant_id, site_id);

call protect_tenant_table('sites');
grant select, insert, update, delete on sites to app_user;
