#!/usr/bin/env bash
# consumer_test.sh BUILD CXX SAMPLES: installs BUILD into a folder, lets a separate project find it there, add a
# stage and render with it, and compares the picture with what oiiotool computes.
set -euo pipefail
build=$1 cxx=$2 samples=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

cmake --install "$build" --prefix "$temp/prefix" >"$temp/install.log"
for file in bin/platefall include/platefall/stage.h include/platefall/version.h share/man/man1/platefall.1 \
    share/bash-completion/completions/platefall share/zsh/vendor-completions/_platefall; do
    [ -s "$temp/prefix/$file" ] || { echo "not installed: $file"; exit 1; }
done
mv "$temp/prefix" "$temp/moved"   # an installed tree may be moved
"$temp/moved/bin/platefall" --version

cmake -S "$here" -B "$temp/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="$cxx" \
    -DCMAKE_PREFIX_PATH="$temp/moved" >"$temp/configure.log"
cmake --build "$temp/build"
if "$cxx" -std=c++20 -M -I "$temp/moved/include" "$here/main.cpp" \
    | grep -iE 'openimageio|opencolorio|opencv|imath|toml|nlohmann|spdlog|/fmt/|tbb'; then
    echo "the public headers include a third-party header"
    exit 1
fi

cat >"$temp/night.toml" <<SHOT
[shot]
name   = "night"
frames = "1001"

[plate]
path = "$samples/street/plate/street.####.exr"

[[stage]]
use      = "day_for_night"
exposure = 0.5

[output]
path = "out/night.####.exr"
type = "float"
SHOT
"$temp/build/day_for_night" render "$temp/night.toml"
oiiotool "$samples/street/plate/street.1001.exr" --mulc 0.125,0.25,0.5 -d float --compression zip \
    -o "$temp/expected.exr"
oiiotool "$temp/out/night.1001.exr" --ch R,G,B -o "$temp/rendered.exr"
idiff -fail 0 -warn 0 "$temp/expected.exr" "$temp/rendered.exr"

# A stage that came from outside is checked and documented like the built-in ones.
"$temp/build/day_for_night" stages | grep -q day_for_night
status=0
"$temp/build/day_for_night" render "$temp/night.toml" --set day_for_night.exposre=1 2>"$temp/errors" || status=$?
if [ "$status" -ne 2 ] || ! grep -q "did you mean 'exposure'" "$temp/errors"; then
    echo "expected exit status 2 and a hint, got $status and:"
    cat "$temp/errors"
    exit 1
fi

# The sample plug-ins build against the installed headers, with warnings as errors, and render.
plugins="$temp/moved/share/platefall/samples/plugins"
mkdir "$temp/plugins"
"${CC:-cc}" -std=c11 -Wall -Wextra -Wpedantic -Werror -O2 -shared -fPIC -I "$temp/moved/include" \
    "$plugins/c/exposure_ramp.c" -o "$temp/plugins/exposure_ramp.so" -lm
"$cxx" -std=c++20 -Wall -Wextra -Wpedantic -Werror -O2 -shared -fPIC -I "$temp/moved/include" \
    "$plugins/cpp/shake.cpp" -o "$temp/plugins/shake.so"
cat >"$temp/plugins.toml" <<SHOT
[shot]
name   = "plugins"
frames = "1001-1002"

[plate]
path = "$samples/street/plate/street.####.exr"

[[stage]]
use    = "comp"
layers = ["plate"]

[[stage]]
use   = "lib:exposure_ramp"
begin = 1000
end   = 1001
stops = -1

[[stage]]
use   = "lib:shake"
frame = 1002

[output]
path = "out/plugins.####.exr"
type = "float"
SHOT
PLATEFALL_PLUGIN_PATH="$temp/plugins" "$temp/moved/bin/platefall" render "$temp/plugins.toml" --allow-external
oiiotool "$samples/street/plate/street.1001.exr" --mulc 0.5,0.5,0.5 -d float --compression zip -o "$temp/expected.exr"
oiiotool "$temp/out/plugins.1001.exr" --ch R,G,B -o "$temp/rendered.exr"
idiff -fail 0 -warn 0 "$temp/expected.exr" "$temp/rendered.exr"

# In the install prefix a plug-in needs no path.
installed=$(dirname "$(find "$temp/moved" -name 'libplatefall.so*' | head -1)")/platefall/plugins
mkdir -p "$installed"
mv "$temp/plugins/"*.so "$installed"
"$temp/moved/bin/platefall" render "$temp/plugins.toml" --allow-external --overwrite

# What the page on stages tells its reader to type.
mkdir "$temp/reader"
without=()
"$temp/moved/bin/platefall" stages "onnx:$plugins/onnx/diffuse.onnx" --allow-external >"$temp/model.log" 2>&1 || true
if grep -q "was built without it" "$temp/model.log"; then
    without=(diffuse.onnx)
fi
PREFIX="$temp/moved" PLATE="$samples/street/plate/street.####.exr" PATH="/usr/bin:$PATH" python3 "$here/documented_commands.py" "$here/../../docs/writing_a_stage.md" "$temp/reader" \
    "${without[@]}"
for frame in 1001 1002; do
    oiiotool "$samples/street/plate/street.$frame.exr" --mulc 0.25,0.25,0.25 --compression zip -o "$temp/expected.exr"
    oiiotool "$temp/reader/out/night.$frame.exr" --ch R,G,B -o "$temp/rendered.exr"
    idiff -fail 0.001 -warn 0.001 "$temp/expected.exr" "$temp/rendered.exr"
done
