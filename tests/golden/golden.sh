#!/usr/bin/env bash
# Renders small frames of the sample shot and compares them with those that lie beside this script.
#
#     tests/golden/golden.sh build/release/bin/platefall                        as CTest does
#     tests/golden/golden.sh build/release/bin/platefall --html /tmp/page.html  to look at what differs
#     tests/golden/golden.sh build/release/bin/platefall --update               the pictures are meant to change: new references
set -euo pipefail
program=$(realpath "$1")
shift
golden=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
street=$(realpath "$golden/../../samples/street")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/street"
ln -s "$street"/* "$work/street"           # the cache lies beside the manifest, so never beside that of the samples

# Coarser than the sample where that costs time. Not to the end of the shot: the longer it falls, the more a bit in which the mathematics of two processors differ moves rubble and dust.
coarse=(--set shot.frames=1001-1051 --set collapse.piece_size=3 --set collapse.chips=0.2 --set collapse.dust_cell=1.2
        --set 'cleanplate.regions=["neighbours", "ground"]')

# render NAME FRAMES FOLDER [MORE...]
render() {
    "$program" -q render "$work/street/$1.toml" --proxy 4 --frames "$2" --progress none \
        --set "output.path=$3/$1.####.exr" --set output.compression=dwaa "${@:4}"
}

# Another processor gives Embree other instructions and so a few other pixels: people must not see it, that is all.
compare() {
    "$program" compare "$@" --percent 100 --flip 0.01
}

render street 1012 "$work/out"
render collapse 1030,1051 "$work/out" "${coarse[@]}"
compare "$golden" "$work/out/proxy4" --exclude '*.sheet.png' "$@"

# The test can fail: the sun a little lower is found.
render collapse 1051 "$work/wrong" "${coarse[@]}" --set render.sun_height=33
status=0
compare "$golden/collapse.####.exr" "$work/wrong/proxy4/collapse.####.exr" --frames 1051 || status=$?
if [ "$status" -ne 4 ]; then
    echo "a sun that stands lower by 5 degrees was not found (status $status)" >&2
    exit 1
fi
