#!/bin/sh
# SPDX-License-Identifier: MIT
#
# deb.sh TARBALL FOLDER: builds the Debian packages from what `make dist` made, into FOLDER/packages,
# and looks at them with lintian.
set -eu

tarball=$(realpath "$1")
name=$(basename "$tarball" .tar.gz)
rm -rf "$2"
mkdir -p "$2/packages"
cd "$2"
tar -xzf "$tarball"
cp "$tarball" "$(echo "$name" | tr - _).orig.tar.gz"
cp -r "$name/packaging/debian" "$name/debian"
(
	cd "$name"
	wanted=$(dpkg-parsechangelog --show-field Version)
	[ "certrenew-${wanted%-*}" = "$name" ] || {
		echo "packaging/debian/changelog says $wanted, the Makefile ${name#certrenew-}" >&2
		exit 1
	}
	dpkg-buildpackage --no-sign > ../build.log 2>&1 || { tail -n 40 ../build.log >&2; exit 1; }
)
mv ./*.deb ./*.dsc ./*.tar.* ./*.changes ./*.buildinfo packages/
lintian --pedantic --fail-on error,warning,info,pedantic --tag-display-limit 0 packages/*.changes
ls packages/*.deb
