-- Why:   people and programs that sign in: users with SRP verifiers, sessions, one-time links,
--        recovery codes, second factors, single sign-on, custom roles, API keys; settings of a tenant.
-- Locks: a short exclusive lock on tenants (new columns with constant defaults: no rewrite).
-- Undo:  drop table tenant_secrets, api_keys, oidc_identities, oidc_providers, second_factors,
--        recovery_codes, one_time_links, sessions, users, custom_roles; drop the system_* functions
--        below; alter table tenants drop column description, contact_email, is_active, settings,
--        deletion_requested_at, revision;

alter table tenants
  add column description           text        check (length(description) <= 2000),
  add column contact_email         text        check (length(contact_email) <= 254),
  add column is_active             boolean     not null default true,
  add column settings              jsonb       not null default '{}',
  -- The first of two steps; the second is refused before its time.
  add column deletion_requested_at timestamptz,
  add column revision              integer     not null default 1;

create table custom_roles (
  id          uuid        primary key default gen_random_uuid(),
  tenant_id   uuid        not null references tenants on delete cascade,
  name        text        not null check (length(name) between 1 and 100),
  description text        check (length(description) <= 1000),
  permissions text[]      not null,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, name)
);
call protect_tenant_table('custom_roles');
grant select, insert, update, delete on custom_roles to app_user;

create table users (
  id              uuid        primary key default gen_random_uuid(),
  tenant_id       uuid        not null references tenants on delete cascade,
  email           text        not null check (length(email) between 3 and 254),
  name            text        not null check (length(name) between 1 and 200),
  role            text        not null check (role in ('super_admin', 'admin', 'operator', 'viewer', 'custom')),
  custom_role_id  uuid,
  is_active       boolean     not null default true,
  -- What a server may know of a password: nothing that equals it or a hash of it.
  srp_group       text        check (srp_group in ('2048', '3072')),
  srp_salt        bytea,
  srp_verifier    bytea,
  pbkdf2_salt     bytea,
  hkdf_salt       bytea,
  pbkdf2_iterations integer   check (pbkdf2_iterations between 600000 and 10000000),
  enrolled_at     timestamptz,
  last_login_at   timestamptz,
  revision        integer     not null default 1,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, custom_role_id) references custom_roles (tenant_id, id),
  check ((role = 'custom') = (custom_role_id is not null)),
  check ((srp_verifier is null) = (enrolled_at is null))
);
-- One person, one address, wherever: sign-in knows the address before it knows the tenant.
create unique index users_by_email on users (lower(email));
call protect_tenant_table('users');
grant select, insert, update, delete on users to app_user;

create table sessions (
  id                    uuid        primary key default gen_random_uuid(),
  tenant_id             uuid        not null,
  user_id               uuid        not null,
  -- Where a super_admin works now; their own tenant otherwise.
  acting_tenant_id      uuid        not null,
  -- Refresh tokens are made from this and a key kept elsewhere, one a generation: an old one is told
  -- from a forged one, and seeing an old one again means theft.
  refresh_seed          bytea       not null,
  generation            integer     not null default 1,
  created_at            timestamptz not null default now(),
  last_used_at          timestamptz not null default now(),
  expires_at            timestamptz not null,
  revoked_at            timestamptz,
  revoke_reason         text,
  address               text,
  user_agent            text        check (length(user_agent) <= 500),
  factors               text[]      not null default '{}',
  unique (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);
create index sessions_by_user on sessions (tenant_id, user_id, created_at desc);
call protect_tenant_table('sessions');
grant select, insert, update, delete on sessions to app_user;

create table one_time_links (
  id          uuid        primary key default gen_random_uuid(),
  tenant_id   uuid        not null references tenants on delete cascade,
  token_hash  bytea       not null unique,
  purpose     text        not null check (purpose in ('setup', 'invite', 'recover', 'demo')),
  -- Absent for the first setup, which makes the first user.
  user_id     uuid,
  created_by  text        not null,
  created_at  timestamptz not null default now(),
  expires_at  timestamptz not null,
  used_at     timestamptz,
  unique (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
  check ((purpose = 'setup') = (user_id is null))
);
create index one_time_links_by_user on one_time_links (tenant_id, user_id);
call protect_tenant_table('one_time_links');
grant select, insert, update, delete on one_time_links to app_user;

create table recovery_codes (
  tenant_id  uuid        not null,
  user_id    uuid        not null,
  code_hash  bytea       not null,
  created_at timestamptz not null default now(),
  used_at    timestamptz,
  primary key (tenant_id, user_id, code_hash),
  foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);
call protect_tenant_table('recovery_codes');
grant select, insert, update, delete on recovery_codes to app_user;

create table second_factors (
  id            uuid        primary key default gen_random_uuid(),
  tenant_id     uuid        not null,
  user_id       uuid        not null,
  kind          text        not null check (kind in ('totp', 'passkey')),
  name          text        not null check (length(name) between 1 and 100),
  -- The TOTP secret under the tenant's key; a passkey has none.
  ciphertext    bytea,
  -- The last time step that was accepted: a code counts once.
  last_step     bigint,
  credential_id bytea       unique,
  public_key    bytea,
  sign_count    bigint,
  transports    text[]      not null default '{}',
  -- Null until the first code proved that the app has the secret.
  confirmed_at  timestamptz,
  last_used_at  timestamptz,
  created_at    timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
  check (kind <> 'totp' or ciphertext is not null),
  check (kind <> 'passkey' or (credential_id is not null and public_key is not null))
);
create index second_factors_by_user on second_factors (tenant_id, user_id);
call protect_tenant_table('second_factors');
grant select, insert, update, delete on second_factors to app_user;

create table oidc_providers (
  id              uuid        primary key default gen_random_uuid(),
  tenant_id       uuid        not null references tenants on delete cascade,
  name            text        not null check (length(name) between 1 and 100),
  issuer          text        not null check (issuer ~ '^https?://'),
  client_id       text        not null check (length(client_id) between 1 and 500),
  ciphertext      bytea,
  -- Whoever the provider vouches for and we do not know yet becomes a viewer, or nobody.
  admits_viewers  boolean     not null default false,
  email_domains   text[]      not null default '{}',
  is_enabled      boolean     not null default true,
  created_at      timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, name)
);
call protect_tenant_table('oidc_providers');
grant select, insert, update, delete on oidc_providers to app_user;

-- A person is bound to the provider's subject, not to an address that may change hands.
create table oidc_identities (
  tenant_id   uuid        not null,
  provider_id uuid        not null,
  subject     text        not null check (length(subject) between 1 and 500),
  user_id     uuid        not null,
  created_at  timestamptz not null default now(),
  primary key (tenant_id, provider_id, subject),
  foreign key (tenant_id, provider_id) references oidc_providers (tenant_id, id) on delete cascade,
  foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);
create index oidc_identities_by_user on oidc_identities (tenant_id, user_id);
call protect_tenant_table('oidc_identities');
grant select, insert, delete on oidc_identities to app_user;

create table api_keys (
  id            uuid        primary key default gen_random_uuid(),
  tenant_id     uuid        not null,
  -- Its maker: the key can do nothing that they cannot, and nothing once they are gone.
  user_id       uuid        not null,
  name          text        not null check (length(name) between 1 and 100),
  prefix        text        not null,
  key_hash      bytea       not null unique,
  permissions   text[]      not null,
  allowed_from  cidr[]      not null default '{}',
  expires_at    timestamptz,
  last_used_at  timestamptz,
  last_used_from text,
  revoked_at    timestamptz,
  created_at    timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);
create index api_keys_by_tenant on api_keys (tenant_id, created_at desc);
call protect_tenant_table('api_keys');
grant select, insert, update, delete on api_keys to app_user;

-- Secrets of the installation (keys that sign access tokens …), kept by the first tenant's key.
create table tenant_secrets (
  tenant_id  uuid        not null references tenants on delete cascade,
  name       text        not null,
  version    integer     not null check (version > 0),
  ciphertext bytea       not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, name, version)
);
call protect_tenant_table('tenant_secrets');
grant select, insert, delete on tenant_secrets to app_user;

-- The functions below run as the owner, which FORCE binds too when it is no superuser.
create policy owner_directory on users for select to current_user using (true);
create policy owner_directory on sessions for select to current_user using (true);
create policy owner_directory on one_time_links for select to current_user using (true);
create policy owner_directory on api_keys for select to current_user using (true);
create policy owner_directory on devices for select to current_user using (true);

-- Sign-in starts without a tenant: these four find where a credential belongs, and nothing more.
create function system_find_login(wanted_email text)
  returns table (tenant_id uuid, user_id uuid)
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select u.tenant_id, u.id from users u where lower(u.email) = lower(wanted_email);
  end;
create function system_find_refresh(session uuid) returns uuid
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select s.tenant_id from sessions s where s.id = session;
  end;
create function system_find_link(hash bytea) returns uuid
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select l.tenant_id from one_time_links l where l.token_hash = hash;
  end;
create function system_find_api_key(hash bytea) returns uuid
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select k.tenant_id from api_keys k where k.key_hash = hash;
  end;
-- A passkey or single sign-on may name its tenant by slug before anybody is signed in.
create function system_find_tenant(wanted_slug text) returns uuid
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select t.id from tenants t where t.slug = wanted_slug and t.is_active;
  end;
-- Whether anybody can sign in at all; else the first start prints a setup link.
create function system_has_users() returns boolean
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select exists (select from users);
  end;

-- The directory, for whoever holds tenants:read across the installation (super_admin).
create function system_tenants()
  returns table (id uuid, name text, slug text, description text, contact_email text,
    is_active boolean, deletion_requested_at timestamptz, created_at timestamptz, revision integer,
    users bigint, devices bigint)
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select t.id, t.name, t.slug, t.description, t.contact_email, t.is_active,
      t.deletion_requested_at, t.created_at, t.revision,
      (select count(*) from users u where u.tenant_id = t.id),
      (select count(*) from devices d where d.tenant_id = t.id)
    from tenants t order by lower(t.name), t.id;
  end;
create function system_add_tenant(wanted_slug text, wanted_name text) returns uuid
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  new_id uuid;
begin
  insert into tenants (slug, name) values (wanted_slug, wanted_name)
    on conflict (slug) do nothing returning id into new_id;
  return new_id;
end $$;
-- The second step of a deletion. Refused before the first one, and within a day of it.
create function system_delete_tenant(doomed uuid, at_time timestamptz) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from tenants t where t.id = doomed and t.slug <> 'default'
    and t.deletion_requested_at is not null
    and t.deletion_requested_at <= at_time - interval '1 day';
  return found;
end $$;

revoke execute on function system_find_login(text), system_find_refresh(uuid),
  system_find_link(bytea), system_find_api_key(bytea), system_find_tenant(text),
  system_has_users(), system_tenants(), system_add_tenant(text, text),
  system_delete_tenant(uuid, timestamptz) from public;
grant execute on function system_find_login(text), system_find_refresh(uuid),
  system_find_link(bytea), system_find_api_key(bytea), system_find_tenant(text),
  system_has_users(), system_tenants(), system_add_tenant(text, text),
  system_delete_tenant(uuid, timestamptz) to app_user;
