-- Run once by a superuser (or a role with CREATEROLE) on a PostgreSQL server of your own:
--   psql -v app_password=… -v poller_password=… -f roles.sql
-- The owner of the schema is whoever runs `tod migrate`; neither role below may own anything.
select format('create role app_user login nosuperuser nobypassrls noinherit password %L', :'app_password')
where not exists (select from pg_roles where rolname = 'app_user') \gexec
select format('create role poller_user login nosuperuser nobypassrls noinherit password %L', :'poller_password')
where not exists (select from pg_roles where rolname = 'poller_user') \gexec
