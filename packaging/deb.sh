#!/bin/sh
# SPDX-License-Identifier: MIT
#
# deb.sh TARBALL FOLDER: builds the Debian packages from what `make dist` made, into FOLDER/packages.
set -eu

tarball=$(realpath "$1")
name=$(basename "$tarball" .tar.gz)
rm -rf "$2"
mkdir -p "$2/packages"
cd "$2"
tar -xzf "$tarball"
cp "$tarball" "$(echo "$name" | tr - _).orig.tar.gz"
# With its times: they end up in the packages.
cp -a "$name/packaging/debian" "$name/debian"
(
	cd "$name"
	dpkg-buildpackage --no-sign > ../build.log 2>&1 || { tail -n 40 ../build.log >&2; exit 1; }
)
mv ./*.deb ./*.dsc ./*.tar.* ./*.changes ./*.buildinfo packages/
ls packages/*.deb
