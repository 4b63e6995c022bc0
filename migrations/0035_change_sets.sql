-- Why:   changes to routers that wait to be pushed as one, each with what it was made against, and the
--        review that a push may need.
-- Locks: none on existing tables.
-- Undo:  drop table change_set_pushes, change_set_comments, change_set_changes, change_sets;

create table change_sets (
  id              uuid        primary key default gen_random_uuid(),
  tenant_id       uuid        not null references tenants on delete cascade,
  name            text        not null check (length(name) between 1 and 200),
  status          text        not null default 'draft'
                              check (status in ('draft', 'reviewed', 'pushed', 'discarded')),
  -- Goes up with every edit: a review or a push names what it is about.
  revision        integer     not null default 0,
  -- People whose hand was in it, even if their changes are gone again: none of them reviews it. An API
  -- key counts as its maker.
  writers         text[]      not null default '{}',
  created_by      text        not null,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  review_asked_at timestamptz,
  reviewed_by     text,
  reviewed_at     timestamptz,
  unique (tenant_id, id),
  check (status <> 'reviewed' or reviewed_by is not null)
);
create index change_sets_by_update on change_sets (tenant_id, updated_at desc, id);
create index change_sets_by_status on change_sets (tenant_id, status, updated_at desc, id);
call protect_tenant_table('change_sets');
grant select, insert, update on change_sets to app_user;

create table change_set_changes (
  tenant_id     uuid        not null,
  id            uuid        not null default gen_random_uuid(),
  change_set_id uuid        not null,
  device_id     uuid        not null,
  -- The order in which they are carried out.
  seq           bigint      generated always as identity,
  menu          text        not null check (length(menu) <= 120),
  action        text        not null check (action in ('add', 'set', 'remove', 'move')),
  -- The command and the item it was made against, encrypted and bound to this row: both hold secrets.
  sealed        bytea       not null,
  actor         text        not null,
  made_at       timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, change_set_id) references change_sets (tenant_id, id) on delete cascade,
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);
create index change_set_changes_by_set on change_set_changes (tenant_id, change_set_id, seq);
create index change_set_changes_by_device on change_set_changes (tenant_id, device_id);
call protect_tenant_table('change_set_changes');
grant select, insert, update, delete on change_set_changes to app_user;

create table change_set_comments (
  tenant_id     uuid        not null,
  id            uuid        not null default gen_random_uuid(),
  change_set_id uuid        not null,
  at            timestamptz not null,
  actor         text        not null,
  text          text        not null check (length(text) between 1 and 4000),
  primary key (tenant_id, id),
  foreign key (tenant_id, change_set_id) references change_sets (tenant_id, id) on delete cascade
);
create index change_set_comments_by_set on change_set_comments (tenant_id, change_set_id, at);
call protect_tenant_table('change_set_comments');
grant select, insert on change_set_comments to app_user;

-- The last attempt to push each router's part; written before the push begins.
create table change_set_pushes (
  tenant_id     uuid        not null,
  change_set_id uuid        not null,
  device_id     uuid        not null,
  push_id       uuid,
  -- Why it was refused, in words.
  problem       text        check (length(problem) <= 2000),
  at            timestamptz not null,
  actor         text        not null,
  primary key (tenant_id, change_set_id, device_id),
  foreign key (tenant_id, change_set_id) references change_sets (tenant_id, id) on delete cascade,
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);
create index change_set_pushes_by_device on change_set_pushes (tenant_id, device_id);
call protect_tenant_table('change_set_pushes');
grant select, insert, update, delete on change_set_pushes to app_user;
