#!/usr/bin/env bash
# Installs the Debian 12 packages that platefall needs; says which first, and touches nothing when all are there.
#
#     samples/install_packages.sh          to build and render
#     samples/install_packages.sh onnx     to use neural models as well: ONNX Runtime, which Debian 12 does not have
#     samples/install_packages.sh tests    to run the tests as well; those of models are skipped where it cannot be fetched
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
test_tools=(libgtest-dev libgmock-dev python3 python3-numpy gmic dpkg-dev binutils strace file zsh mandoc
    chromium chromium-driver python3-selenium)              # looks at pages as people do

packages=("${build_tools[@]}" "${libraries[@]}" "${programs[@]}")
if [ "$purpose" = tests ]; then
    packages+=("${test_tools[@]}")
fi

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_debian_packages() {
    if ! command -v apt-get >/dev/null; then
        echo "this machine has no apt-get; install what these Debian packages hold, then build with cmake:" >&2
        echo "    $*" >&2
        return 2
    fi

    local package missing=()
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        return 0
    fi

    local as_root=(env DEBIAN_FRONTEND=noninteractive)
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "these packages are missing, and installing them needs root or sudo:" >&2
            echo "    apt-get install --no-install-recommends ${missing[*]}" >&2
            return 2
        fi
        as_root=(sudo "${as_root[@]}")
    fi
    local apt_get=("${as_root[@]}" apt-get -qq -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)

    echo "about to install these Debian packages and what they need, but nothing that they only recommend:"
    echo "    ${missing[*]}"
    "${apt_get[@]}" update || return
    "${as_root[@]}" apt-get install --assume-no --no-install-recommends "${missing[@]}" \
        | sed -n 's/^\(Need to get\|After this operation\|[0-9]* upgraded\)/    &/p' || true
    "${apt_get[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null || return
    echo "installed"
}

# Where cmake/FindOnnxRuntime.cmake looks.
onnxruntime=${XDG_CACHE_HOME:-$HOME/.cache}/platefall/onnxruntime

# Out of a package of the npm registry: the library for Linux and, from the framework for iOS, its headers.
fetch_onnxruntime() {
    local package=com.github.asus4.onnxruntime@0.4.9 temp
    if [ "$(uname -m)" != x86_64 ]; then
        echo "the npm registry has ONNX Runtime for x86_64 only; unpack a release for $(uname -m) into $onnxruntime" >&2
        return 1
    fi
    command -v npm >/dev/null || install_debian_packages npm || return
    echo "about to fetch ONNX Runtime from the npm registry ($package, 150 MB) into $onnxruntime"
    mkdir -p "$onnxruntime" && temp=$(mktemp -d "$onnxruntime/fetch.XXXXXX") || return
    if (cd "$temp" && npm pack --silent "$package" >/dev/null && tar -xzf ./*.tgz \
            && cp -r package/Plugins/iOS~/onnxruntime.xcframework/ios-arm64/onnxruntime.framework/Headers include \
            && rm -rf ../include && mv include package/LICENSE package/ThirdPartyNotices.txt .. \
            && mkdir lib && cp package/Plugins/Linux/x64/libonnxruntime.so lib/libonnxruntime.so.1 \
            && ln -s libonnxruntime.so.1 lib/libonnxruntime.so && mv lib ..); then
        rm -rf "$temp"
        echo "fetched"
        return 0
    fi
    rm -rf "$temp"
    return 1
}

install_debian_packages "${packages[@]}"
if [[ $purpose =~ ^(onnx|tests)$ ]] && [ ! -e "$onnxruntime/lib/libonnxruntime.so" ] && ! fetch_onnxruntime; then
    echo "ONNX Runtime could not be fetched; platefall is built without neural models, and their tests are skipped" >&2
    [ "$purpose" = tests ] || exit 2
fi
