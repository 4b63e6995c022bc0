-- Why:   words with a colour that people put on routers, several on each.
-- Locks: none on existing tables.
-- Undo:  drop table device_tags, tags;

create table tags (
  id         uuid        primary key default gen_random_uuid(),
  tenant_id  uuid        not null references tenants on delete cascade,
  -- No sign that lists or the query language use: a list of names stays a list of names.
  name       text        not null check (length(name) between 1 and 50 and name = btrim(name)
                                         and name !~ '[",;|[:cntrl:]]'),
  color      text        not null default 'gray',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id)
);
create unique index tags_by_name on tags (tenant_id, lower(name));
call protect_tenant_table('tags');
grant select, insert, update, delete on tags to app_user;

create table device_tags (
  tenant_id uuid not null,
  device_id uuid not null,
  tag_id    uuid not null,
  primary key (tenant_id, device_id, tag_id),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade,
  foreign key (tenant_id, tag_id) references tags (tenant_id, id) on delete cascade
);
create index device_tags_by_tag on device_tags (tenant_id, tag_id, device_id);
call protect_tenant_table('device_tags');
grant select, insert, delete on device_tags to app_user;
