#!/usr/bin/env bash
# Installs the Debian 12 packages that platefall needs; says which first, and touches nothing when all are there.
#
#     samples/install_packages.sh          to build and render
#     samples/install_packages.sh onnx     to use neural models as well; Debian 12 has no ONNX Runtime, the npm registry has
#     samples/install_packages.sh tests    to run the tests as well; without the npm registry those of models are skipped
set -euo pipefail
purpose=${1:-}

build_tools=(g++ cmake ninja-build pkg-config ccache)
libraries=(
    libopenimageio-dev libopenexr-dev libimath-dev
    openimageio-tools libopencv-core-dev               # OpenImageIO's CMake package asks for both
    libopencv-calib3d-dev libeigen3-dev
    libbullet-dev libbullet-extras-dev voro++-dev libassimp-dev libopenvdb-dev libboost-dev libembree-dev
    libopencolorio-dev libtbb-dev
    libcli11-dev libspdlog-dev libfmt-dev libtomlplusplus-dev nlohmann-json3-dev libxxhash-dev libdeflate-dev
)
programs=(ffmpeg)                                      # encodes movies
test_tools=(libgtest-dev libgmock-dev python3 dpkg-dev file zsh mandoc)

packages=("${build_tools[@]}" "${libraries[@]}" "${programs[@]}")
if [ "$purpose" = tests ]; then
    packages+=("${test_tools[@]}")
fi

# Where cmake/FindOnnxRuntime.cmake looks.
onnxruntime=${XDG_CACHE_HOME:-$HOME/.cache}/platefall/onnxruntime
wants_onnxruntime() {
    [[ $purpose =~ ^(onnx|tests)$ ]] && [ "$(uname -m)" = x86_64 ] && [ ! -e "$onnxruntime/lib/libonnxruntime.so" ]
}
if wants_onnxruntime && ! command -v npm >/dev/null; then
    packages+=(npm)
fi

# The library for Linux and, out of the framework for iOS, its headers: 30 of the package's 150 MB.
fetch_onnxruntime() {
    local temp package=com.github.asus4.onnxruntime@0.4.9
    echo "about to fetch ONNX Runtime from the npm registry (150 MB, $package) into $onnxruntime"
    mkdir -p "$(dirname "$onnxruntime")"
    temp=$(mktemp -d "$onnxruntime.XXXXXX")
    # shellcheck disable=SC2064
    trap "rm -rf '$temp'" EXIT
    (cd "$temp" && npm pack --silent "$package" >/dev/null && tar -xzf ./*.tgz) || return 1
    mkdir -p "$temp/onnxruntime/lib"
    cp -r "$temp/package/Plugins/iOS~/onnxruntime.xcframework/ios-arm64/onnxruntime.framework/Headers" \
        "$temp/onnxruntime/include"
    cp "$temp/package/LICENSE" "$temp/package/ThirdPartyNotices.txt" "$temp/onnxruntime"
    cp "$temp/package/Plugins/Linux/x64/libonnxruntime.so" "$temp/onnxruntime/lib/libonnxruntime.so.1"
    ln -s libonnxruntime.so.1 "$temp/onnxruntime/lib/libonnxruntime.so"
    mv -T "$temp/onnxruntime" "$onnxruntime" 2>/dev/null || [ -e "$onnxruntime/lib/libonnxruntime.so" ]
}

get_onnxruntime() {
    if [ "$purpose" = onnx ] && [ "$(uname -m)" != x86_64 ]; then
        echo "the npm registry has ONNX Runtime for x86_64 only; unpack a release for $(uname -m) into $onnxruntime" >&2
        exit 2
    fi
    wants_onnxruntime || return 0
    if fetch_onnxruntime; then
        echo "fetched"
        return 0
    fi
    echo "ONNX Runtime could not be fetched; platefall is built without neural models, and their tests are skipped" >&2
    [ "$purpose" = tests ] || exit 2
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

if ! command -v apt-get >/dev/null; then
    echo "this machine has no apt-get; install what these Debian packages hold, then build with cmake:" >&2
    echo "    ${packages[*]}" >&2
    exit 2
fi

missing=()
for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
    get_onnxruntime
    exit 0
fi

as_root=(env DEBIAN_FRONTEND=noninteractive)
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "these packages are missing, and installing them needs root or sudo:" >&2
        echo "    apt-get install --no-install-recommends ${missing[*]}" >&2
        exit 2
    fi
    as_root=(sudo "${as_root[@]}")
fi
apt_get=("${as_root[@]}" apt-get -qq -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)

echo "about to install these Debian packages and what they need, but nothing that they only recommend:"
echo "    ${missing[*]}"
"${apt_get[@]}" update
"${as_root[@]}" apt-get install --assume-no --no-install-recommends "${missing[@]}" \
    | sed -n 's/^\(Need to get\|After this operation\|[0-9]* upgraded\)/    &/p' || true
"${apt_get[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
echo "installed"
get_onnxruntime
