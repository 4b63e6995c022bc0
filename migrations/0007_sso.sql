-- Why:   single sign-on: whether a provider may sign people in who were invited and have not enrolled.
-- Locks: a short exclusive lock on oidc_providers (a new column with a constant default: no rewrite).
-- Undo:  alter table oidc_providers drop column matches_invited;

alter table oidc_providers
  -- By their address, and once: the provider's subject is bound from then on.
  add column matches_invited boolean not null default false,
  add constraint oidc_providers_domains
    check (not (admits_viewers or matches_invited) or cardinality(email_domains) > 0);
