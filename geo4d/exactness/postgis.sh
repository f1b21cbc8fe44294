#!/usr/bin/env bash
# postgis.sh measures pairs of shapes with PostGIS geography on the spheroid. Standard input: lines
# of id, tab, WKT, tab, WKT. Standard output: lines of id, tab, distance in metres (empty where
# PostGIS fails), tab, whether they intersect, tab, the failure. The first line of standard error
# is the version.
#
# It starts a cluster of its own (scripts/with-postgis.sh), in which it runs itself again.
set -euo pipefail
cd "$(dirname "$0")"
if [ "${1:-}" != inside ]; then
	POSTGRES_SETTINGS="-c work_mem=256MB" exec ../../scripts/with-postgis.sh ./postgis.sh inside
fi

sql() { psql -d postgres -v ON_ERROR_STOP=1 -qAt "$@"; }
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
