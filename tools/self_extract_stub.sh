#!/bin/sh
# @NAME@ @VERSION@: one self-extracting program. The archive behind this header is unpacked once into a
# private cache directory and then run from there. Payload sha256: @SHA@
set -eu
mask=$(umask)
umask 077
id=@ID@ sha=@SHA@ offset=@OFFSET@
self=$0
case $self in */*) ;; *) self=$(command -v -- "$0") ;; esac

# A cache directory must be ours, writable and allow execution (/tmp is often mounted noexec).
usable() {
  [ -n "$1" ] || return 1
  mkdir -p "$1" 2>/dev/null && [ -d "$1" ] && [ -O "$1" ] && [ -w "$1" ] || return 1
  probe=$(mktemp "$1/.probe.XXXXXX") || return 1
  printf '#!/bin/sh\nexit 0\n' >"$probe"
  chmod 700 "$probe"
  if "$probe" 2>/dev/null; then ok=0; else ok=1; fi
  rm -f "$probe"
  return $ok
}

root=
for dir in "${TOD_CACHE_DIR:-}" "${CACHE_DIRECTORY:-}" \
  "${XDG_CACHE_HOME:+$XDG_CACHE_HOME/@NAME@}" "${HOME:+$HOME/.cache/@NAME@}" \
  "/var/cache/@NAME@" "${TMPDIR:-/tmp}/@NAME@-$(id -u)"; do
  [ -n "$dir" ] || continue
  if { [ -O "$dir/$id/.complete" ]; } || usable "$dir"; then
    root=$dir
    break
  fi
done
if [ -z "$root" ]; then
  echo "@NAME@: cannot start as no cache directory is writable and executable: set TOD_CACHE_DIR" >&2
  exit 73
fi

app=$root/$id
if [ ! -e "$app/.complete" ]; then
  sum=$(tail -c +$offset -- "$self" | sha256sum)
  if [ "${sum%% *}" != "$sha" ]; then
    echo "@NAME@: cannot start as this file is damaged (checksum mismatch): download it again" >&2
    exit 74
  fi
  find "$root" -maxdepth 1 -name '.unpack.*' -mmin +60 -exec rm -rf {} + 2>/dev/null || true
  tmp=$(mktemp -d "$root/.unpack.XXXXXX")
  trap 'rm -rf "$tmp"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  tail -c +$offset -- "$self" | gzip -dc | tar -xof - -C "$tmp"
  : >"$tmp/.complete"
  # Atomic: of several first starts one wins, the others use what it made.
  mv -T -- "$tmp" "$app" 2>/dev/null || [ -e "$app/.complete" ] || { rm -rf "$app"; mv -T -- "$tmp" "$app"; }
  rm -rf "$tmp"
  trap - EXIT INT TERM HUP
fi

umask "$mask"
export DENO_DIR="${DENO_DIR:-$app/.deno}" DENO_NO_UPDATE_CHECK=1 DENO_NO_PROMPT=1
exec "$app/deno" run --no-config --no-lock --no-remote --no-npm --cached-only --quiet \
  @PERMISSIONS@ "$app/main.js" "$@"
