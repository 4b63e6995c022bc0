-- Why:   one login for many routers: changed in one place, known to all of them at once. What a router
--        logs in with is either its own login or a profile.
-- Locks: device_credentials while its columns change (no pass over its rows but for the check).
-- Undo:  give each device of a profile a login of its own, then: alter table device_credentials drop
--        column profile_id, alter column ciphertext set not null; drop table credential_profiles;

create table credential_profiles (
  id         uuid        primary key default gen_random_uuid(),
  tenant_id  uuid        not null references tenants on delete cascade,
  name       text        not null check (length(name) between 1 and 100 and name = btrim(name)),
  -- Shown, so that people know which login it is, and so that a password can be changed alone.
  username   text        not null check (length(username) between 1 and 200),
  notes      text        check (length(notes) <= 2000),
  -- User name and password together, bound to this row.
  ciphertext bytea       not null,
  -- When the login itself was set: another value means another login.
  secret_at  timestamptz not null default now(),
  created_at timestamptz not null default now(),
  unique (tenant_id, id)
);
create unique index credential_profiles_by_name on credential_profiles (tenant_id, lower(name));
call protect_tenant_table('credential_profiles');
grant select, insert, update, delete on credential_profiles to app_user;
-- A poller decrypts; what people call and note is not its business.
create policy poller_reads on credential_profiles for select to poller_user using (true);
grant select (tenant_id, id, ciphertext, secret_at) on credential_profiles to poller_user;

alter table device_credentials
  add column profile_id uuid,
  alter column ciphertext drop not null,
  add constraint device_credentials_one check ((ciphertext is null) <> (profile_id is null)),
  -- Restricts: a profile in use cannot go.
  add constraint device_credentials_profile foreign key (tenant_id, profile_id)
    references credential_profiles (tenant_id, id);
create index device_credentials_by_profile on device_credentials (tenant_id, profile_id)
  where profile_id is not null;
