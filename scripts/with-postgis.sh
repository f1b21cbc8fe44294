#!/usr/bin/env bash
# Runs a command with a PostgreSQL cluster of its own that has PostGIS: scripts/with-postgis.sh COMMAND...
# The command finds the cluster by PGHOST and PGUSER, in database postgres. POSTGRES_SETTINGS are more
# options of the server, as "-c name=value".
#
# It installs PostGIS from packages when it is not there (as root), starts the cluster on a socket in a
# temporary directory, with nothing to lose in a crash, and removes it.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
if [ -z "$bin" ] || [ -z "$(ls /usr/share/postgresql/*/extension/postgis.control 2>/dev/null)" ]; then
	if [ "$(id -u)" != 0 ]; then
		echo "PostGIS is not installed; run as root, or install postgresql-15-postgis-3" >&2
		exit 1
	fi
	apt-get update -qq >&2
	# Run level 1 keeps the packages from starting a server of their own.
	RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-15-postgis-3 >&2
	bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
fi

tmp=$(mktemp -d)
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then # PostgreSQL does not run as root
	chown postgres "$tmp"
	as() { (cd "$tmp" && exec setpriv --reuid=postgres --regid=postgres --init-groups "$@"); }
fi
cleanup() {
	as "$bin/pg_ctl" -D "$tmp/data" -m immediate stop >/dev/null 2>&1 || true
	rm -rf "$tmp"
}
trap cleanup EXIT

as "$bin/initdb" -D "$tmp/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null
as "$bin/pg_ctl" -D "$tmp/data" -l "$tmp/log" -w \
	-o "-k $tmp -c listen_addresses='' -c fsync=off -c max_wal_size=4GB ${POSTGRES_SETTINGS:-}" start >/dev/null
PGHOST=$tmp PGUSER=postgres PATH="$bin:$PATH" "$@"
