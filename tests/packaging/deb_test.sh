#!/usr/bin/env bash
# deb_test.sh BUILD SAMPLES: makes the .deb, installs it with apt, renders a frame with it, and removes it again.
# Exit status 77 (skipped) where that cannot be done.
set -euo pipefail
build=$1 samples=$2

skip() {
    echo "skipped: $1"
    exit 77
}
[ "$(id -u)" -eq 0 ] || skip "installing a package needs root"
command -v apt-get >/dev/null || skip "this machine has no apt-get"
command -v dpkg-shlibdeps >/dev/null || skip "dpkg-shlibdeps is missing (package dpkg-dev)"
if [ "$(dpkg-query -W -f '${db:Status-Status}' platefall 2>/dev/null)" = installed ]; then
    skip "platefall is installed on this machine, and this test would remove it"
fi

temp=$(mktemp -d)
finish() {
    apt-get remove -y -qq --purge platefall >"$temp/remove.log" 2>&1 || true
    rm -rf "$temp"
}
trap finish EXIT
export DEBIAN_FRONTEND=noninteractive

(cd "$temp" && cpack -G DEB --config "$build/CPackConfig.cmake" -B "$temp/pack")
deb=$(ls "$temp"/pack/platefall_*.deb)
dpkg-deb --info "$deb"
depends=$(dpkg-deb --field "$deb" Depends)
for package in ffmpeg libopenimageio libopencolorio libc6; do
    [[ $depends == *$package* ]] || { echo "the package does not depend on $package: $depends"; exit 1; }
done

chmod 755 "$temp"   # apt reads the file as its own user
apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$deb"
for file in /usr/bin/platefall /usr/share/man/man1/platefall.1 /usr/share/doc/platefall/LICENSE; do
    [ -s "$file" ] || { echo "the package did not install $file"; exit 1; }
done
ldd /usr/bin/platefall | grep 'not found' && { echo "a library is missing"; exit 1; }

cat >"$temp/shot.toml" <<SHOT
[shot]
name   = "package"
frames = "1001"

[plate]
path = "$samples/street/plate/street.####.exr"

[output]
path = "out/package.####.exr"
SHOT
/usr/bin/platefall --version
/usr/bin/platefall render "$temp/shot.toml"
[ -s "$temp/out/package.1001.exr" ] || { echo "no frame was written"; exit 1; }
