#!/usr/bin/env bash
# From a fresh Debian 12 to a finished shot: installs what is missing, builds a release, renders samples/street.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build/release

"$root/samples/install_packages.sh"

# tests/run.sh shares this folder; once it has asked for the tests, they stay.
if [ ! -e "$build/CMakeCache.txt" ]; then
    tests_or_not=-DPLATEFALL_TESTS=OFF
fi
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release ${tests_or_not:-}
cmake --build "$build" --target platefall_program

"$build/bin/platefall" render "$root/samples/street/street.toml"
"$build/bin/platefall" render "$root/samples/street/clean_plate.toml"
"$build/bin/platefall" render "$root/samples/street/collapse.toml"

echo
echo "movie:  samples/street/out/street_collapse.mp4, the house comes down; street.mp4 and street_clean.mp4 take it out"
echo "frames: samples/street/out/street_collapse.1001.exr to street_collapse.1072.exr"
echo "review: samples/street/out/street_collapse.report.html, in any browser"
echo "next:   open samples/street/collapse.toml, change something, and run"
echo "        build/release/bin/platefall render samples/street/collapse.toml"
