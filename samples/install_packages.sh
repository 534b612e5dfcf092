#!/usr/bin/env bash
# Installs the Debian 12 packages that platefall needs; says which first, and touches nothing when all are there.
#
#     samples/install_packages.sh          to build and render
#     samples/install_packages.sh tests    to run the tests as well
set -euo pipefail

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
test_tools=(libgtest-dev libgmock-dev python3 python3-numpy gmic dpkg-dev file zsh mandoc)

packages=("${build_tools[@]}" "${libraries[@]}" "${programs[@]}")
if [ "${1:-}" = tests ]; then
    packages+=("${test_tools[@]}")
fi

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
