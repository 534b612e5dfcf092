#!/usr/bin/env bash
# make.sh WORK SAMPLE: makes the whole sample again: renders into WORK (about 10 GB), compresses into SAMPLE.
#
# Needs Debian 12's packages blender (3.4.1), python3-numpy and openimageio-tools, and about two hours on two cores.
set -euo pipefail
work=$1 sample=$2
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# run_blender [FILE.blend] SCRIPT ARGUMENTS...
run_blender() {
    local scene=()
    if [[ $1 == *.blend ]]; then
        scene=("$work/$1")
        shift
    fi
    local script=$1
    shift
    blender --background "${scene[@]}" --python-exit-code 1 --python "$scripts/$script" -- "$@" --output "$work"
}

# compress FROM TO COMPRESSION CHANNELS: every frame of a folder, with these channels and without notes of the tools.
compress() {
    mkdir -p "$sample/$2"
    for frame in "$work/$1"/*.exr; do
        oiiotool --nosoftwareattrib --no-autopremult "$frame" --ch "$4" --eraseattrib BlenderMultiChannel \
            --compression "$3" -o "$sample/$2/$(basename "$frame")"
    done
}

run_blender build_scene.py
run_blender street.blend render_passes.py camera
run_blender street.blend render_passes.py plate
run_blender street.blend render_passes.py clean --last 24
run_blender street.blend render_passes.py clean --first 30 --step 6
run_blender street.blend render_passes.py building
run_blender street.blend render_passes.py foreground
run_blender street.blend render_passes.py depth --first 12 --step 12
run_blender street.blend render_passes.py depth --last 1
run_blender street.blend bake_rigid_bodies.py
run_blender street_fallen.blend bake_dust.py
run_blender street_dust.blend render_cg.py --frames 12 30 48 62 72

cp "$work/street.chan" "$sample/street.chan"
compress plate plate dwab:270 R,G,B
compress clean clean dwab:270 R,G,B
compress building matte/building zip A
compress foreground matte/foreground zip A
compress depth depth pxr24 Z=ViewLayer.Depth.Z
compress cg cg dwab:100 R,G,B,A
