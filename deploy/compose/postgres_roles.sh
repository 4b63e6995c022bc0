#!/bin/sh
# Runs once, when the server's data directory is made.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" \
  -v app_password="$(cat /run/tod/app_password)" \
  -v poller_password="$(cat /run/tod/poller_password)" \
  -f /roles.sql
