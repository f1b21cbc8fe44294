#!/usr/bin/env bash
# Runs every fuzz target of the module for a while each: internal/rooms/fuzz.sh [TIME], 20s unless
# told. FUZZ_PARALLEL is the number of workers, 2 unless told.
set -euo pipefail
cd "$(dirname "$0")/../.."
time=${1:-20s}
n=0
while IFS=: read -r file target; do
  n=$((n + 1))
  printf '==> fuzz %s %s, %s\n' "$(dirname "$file")" "$target" "$time"
  go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -parallel "${FUZZ_PARALLEL:-2}" "$(dirname "$file")" </dev/null
done < <(find . -name '*_test.go' -not -path '*/testdata/*' -not -path './internal/independent/*' -not -path '*/node_modules/*' -print0 |
  xargs -0 -r grep -oE '^func Fuzz[A-Za-z0-9_]*' -- /dev/null | sed 's/func //' | sort)
if [ "$n" -eq 0 ]; then
  echo "no fuzz targets found" >&2
  exit 1
fi
echo "==> fuzz: $n targets, nothing found"
