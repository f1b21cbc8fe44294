#!/bin/sh
# Measures parley check on a file of the benchmarks' traffic: scripts/check-file.sh [PLANS] [FLAGS...]
# Prints the conflicts found, then time, processor time and the most memory held. Needs /usr/bin/time.
set -eu
cd "$(dirname "$0")/.."
plans=${1:-200000}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- --separation-lateral-m 50 --separation-vertical-m 15 --separation-time-s 30
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
CGO_ENABLED=0 go build -o "$dir/parley" ./cmd/parley
PARLEY_TRAFFIC_FILE=$dir/plans.geojson PARLEY_TRAFFIC_PLANS=$plans go test ./conflict -run '^TestWriteTraffic$' -count=1 >/dev/null
echo "$plans plans, $(($(wc -c <"$dir/plans.geojson") / 1000000)) MB; load $(cut -d' ' -f1 /proc/loadavg)"
for format in table json geojson csv; do
	/usr/bin/time -f "$format: %e s, %U s user, %S s system, %M kB at most" \
		"$dir/parley" check "$dir/plans.geojson" "$@" --format $format 2>"$dir/err" >"$dir/out"
	[ $format != table ] || tail -n 1 "$dir/out"
	tail -n 1 "$dir/err"
done
