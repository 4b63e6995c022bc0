#!/bin/sh
# Makes every secret of the distributed stack once, into the volume that only its services mount.
set -eu
umask 027
dir=/run/tod
random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
once() { [ -s "$dir/$1" ] || random >"$dir/$1"; }

once postgres_password
once app_password
once poller_password
once redis_password
once nats_password
[ -s "$dir/master.key" ] || head -c 32 /dev/urandom >"$dir/master.key"

url() { printf 'postgres://%s:%s@postgres:5432/tod' "$1" "$(cat "$dir/$2")"; }
url tod_owner postgres_password >"$dir/database_admin_url"
url app_user app_password >"$dir/database_url"
url poller_user poller_password >"$dir/database_poller_url"
printf 'redis://:%s@redis:6379' "$(cat "$dir/redis_password")" >"$dir/redis_url"
printf 'nats://tod:%s@nats:4222' "$(cat "$dir/nats_password")" >"$dir/nats_url"
cat >"$dir/nats.conf" <<CONF
server_name: tod
listen: 0.0.0.0:4222
authorization { user: tod, password: "$(cat "$dir/nats_password")" }
# sync_interval: what was acknowledged is on the disk.
jetstream { store_dir: /data, max_file_store: 8GB, sync_interval: always }
CONF

# The services run as other users: the product as 10001, the servers as their images say.
chmod 0755 "$dir"
chmod 0644 "$dir"/*
chmod 0600 "$dir/master.key"
chown 10001 "$dir/master.key"
