#!/bin/sh
# SPDX-License-Identifier: MIT
#
# rpm.sh TARBALL FOLDER: builds the RPM packages from what `make dist` made, into FOLDER/packages, by
# Debian's rpmbuild. What the build requires is there by Debian's packages, of which rpm knows nothing:
# --nodeps. Packages of debugging information are left to the distributions whose rpm makes them.
set -eu

tarball=$(realpath "$1")
name=$(basename "$tarball" .tar.gz)
rpm=$(dirname "$(realpath "$0")")/rpm
rm -rf "$2"
mkdir -p "$2/packages" "$2/SOURCES"
cd "$2"
folder=$PWD
install -m 644 "$tarball" SOURCES/
tar -xzf "$tarball" "$name/packaging/rpm/certrenew.spec"

# The source package names the folder; so it is made by itself, and the others do not name its hash. The
# flag keeps the folder out of their build ids.
for what in -bs -bb; do
	CPPFLAGS=-ffile-prefix-map=$folder=. rpmbuild $what --nodeps --load "$rpm/macros.debian" \
		--define "_topdir $folder" --define "debug_package %{nil}" \
		--define "_buildhost reproducible" --define "source_date_epoch_from_changelog 1" \
		--define "use_source_date_epoch_as_buildtime 1" \
		--define "clamp_mtime_to_source_date_epoch 1" \
		"$name/packaging/rpm/certrenew.spec" >> build.log 2>&1 || { tail -n 40 build.log >&2; exit 1; }
done
mv RPMS/*/*.rpm SRPMS/*.rpm packages/
ls packages/*.rpm
