#!/usr/bin/env bash
# Runs every fuzz target of the module for a while each: internal/rooms/fuzz.sh [TIME], 20s unless
# told. FUZZ_PARALLEL is the number of workers, 2 unless told.
#
# At the end of its time the engine now and then reports its own deadline as a failure, without an
# input that fails: such a run is made once more.
set -euo pipefail
cd "$(dirname "$0")/../.."
time=${1:-20s}
n=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# run fuzzes one target. It ends everything where the target fails; it returns 1 where only the
# engine's deadline passed, unless it is the second try.
run() {
  if go test -run '^$' -fuzz "^$2\$" -fuzztime "$time" -fuzzminimizetime 10x -parallel "${FUZZ_PARALLEL:-2}" "$1" </dev/null 2>&1 | tee "$out"; then
    return 0
  fi
  if [ $# -eq 2 ] && grep -q 'context deadline exceeded' "$out" && ! grep -q 'Failing input written' "$out"; then
    return 1
  fi
  exit 1
}

while IFS=: read -r file target; do
  n=$((n + 1))
  printf '==> fuzz %s %s, %s\n' "$(dirname "$file")" "$target" "$time"
  run "$(dirname "$file")" "$target" || run "$(dirname "$file")" "$target" again
done < <(find . -name '*_test.go' -not -path '*/testdata/*' -not -path './internal/independent/*' -not -path '*/node_modules/*' -print0 |
  xargs -0 -r grep -oE '^func Fuzz[A-Za-z0-9_]*' -- /dev/null | sed 's/func //' | sort)
if [ "$n" -eq 0 ]; then
  echo "no fuzz targets found" >&2
  exit 1
fi
echo "==> fuzz: $n targets, nothing found"
