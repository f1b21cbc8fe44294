#!/usr/bin/env bash
# postgis.sh measures pairs of shapes with PostGIS geography on the spheroid. Standard input: lines
# of id, tab, WKT, tab, WKT. Standard output: lines of id, tab, distance in metres (empty where
# PostGIS fails), tab, whether they intersect, tab, the failure. The first line of standard error
# is the version.
#
# It installs PostGIS from packages when it is not there (as root), starts a cluster of its own on
# a socket in a temporary directory, and removes it.
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
	as() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
fi
cleanup() {
	as "$bin/pg_ctl" -D "$tmp/data" -m immediate stop >/dev/null 2>&1 || true
	rm -rf "$tmp"
}
trap cleanup EXIT
cd "$tmp"

as "$bin/initdb" -D "$tmp/data" --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null
as "$bin/pg_ctl" -D "$tmp/data" -l "$tmp/log" -w \
	-o "-k $tmp -c listen_addresses='' -c fsync=off -c max_wal_size=4GB -c work_mem=256MB" start >/dev/null
sql() { as "$bin/psql" -h "$tmp" -d postgres -v ON_ERROR_STOP=1 -qAt "$@"; }
sql <<'SQL' >&2
SET client_min_messages = error;
CREATE EXTENSION postgis;
SELECT 'PostGIS ' || postgis_lib_version() || ', ' || split_part(version(), ' (', 1) || ', PROJ ' || split_part(postgis_proj_version(), ' ', 1) || ', GEOS ' || postgis_geos_version();
CREATE UNLOGGED TABLE pairs (id int, a text, b text);
CREATE FUNCTION measure(a text, b text, OUT m float8, OUT meet bool, OUT failure text) LANGUAGE plpgsql AS $$
BEGIN
  m := ST_Distance(a::geography, b::geography, true);
  meet := ST_Intersects(a::geography, b::geography);
EXCEPTION WHEN OTHERS THEN
  failure := SQLERRM;
END $$;
SQL
sql -c '\copy pairs from pstdin'
sql -c 'SET extra_float_digits = 3' -c "COPY (SELECT id, (measure(a, b)).* FROM pairs ORDER BY id) TO STDOUT"
