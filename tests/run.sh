#!/usr/bin/env bash
# Installs what is missing, builds everything and runs all tests. The last line is the count:
#
#     312 passed, 0 failed, 2 skipped
#
# PLATEFALL_WERROR=ON turns warnings into errors, as .ci/run does.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build/release

"$root/samples/install_packages.sh" tests

cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DPLATEFALL_TESTS=ON \
    -DPLATEFALL_WERROR="${PLATEFALL_WERROR:-OFF}"
cmake --build "$build"

log=$build/ctest.log
status=0
ctest --test-dir "$build" -j "$(nproc)" --output-on-failure --no-tests=error | tee "$log" || status=$?

total=$(sed -n 's/.* tests passed, [0-9]* tests failed out of \([0-9]*\)$/\1/p' "$log")
failed=$(sed -n 's/.* tests passed, \([0-9]*\) tests failed out of [0-9]*$/\1/p' "$log")
if [ -z "$total" ]; then
    echo "no test ran" >&2
    exit 1
fi
skipped=$(grep -c '^[[:space:]]*[0-9]* - .* (Skipped)$' "$log" || true)
summary="$((total - failed - skipped)) passed, $failed failed"
if [ "$skipped" -gt 0 ]; then
    summary+=", $skipped skipped"
fi
echo "$summary"
exit "$status"
