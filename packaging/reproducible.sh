#!/bin/sh
# SPDX-License-Identifier: MIT
#
# reproducible.sh FOLDER: makes the tarball, the Debian and the RPM packages of what is committed twice,
# from two clones below FOLDER in circumstances as different as they can be, and compares the bytes.
# .changes, .buildinfo and .src.rpm are left out: they tell of the circumstances.
set -eu

rm -rf "$1"
mkdir -p "$1"
top=$PWD
cd "$1"

# made FOLDER COMMAND...: a clone there, and what the command makes of it.
made() {
	mkdir -p "$1"
	git clone -q "$top" "$1"
	clone=$1
	shift
	( cd "$clone" && "$@" sh -eu -c '
		make -s dist
		sh packaging/deb.sh build/*.tar.gz build/deb
		sh packaging/rpm.sh build/*.tar.gz build/rpm' ) > "$clone.log" 2>&1 || { tail -n 40 "$clone.log"; exit 1; }
	mkdir "$clone.made"
	cp "$clone"/build/*.tar.gz "$clone"/build/deb/packages/*.deb "$clone"/build/deb/packages/*.dsc \
		"$clone"/build/deb/packages/*.debian.tar.* "$clone"/build/rpm/packages/*.rpm "$clone.made"
	rm "$clone.made"/*.src.rpm
}

made here env LC_ALL=C.UTF-8 TZ=UTC
umask 077
made over/there/with-a-longer-name env LC_ALL=C TZ=Pacific/Kiritimati HOME=/nonexistent USER=nobody \
	faketime -f +400d

passed=0 failed=0
for one in here.made/*; do
	file=$(basename "$one")
	if cmp -s "$one" "over/there/with-a-longer-name.made/$file"; then
		passed=$((passed + 1)) verdict="same   "
	else
		failed=$((failed + 1)) verdict="DIFFERS"
	fi
	echo "$verdict $(sha256sum "$one" | cut -d ' ' -f 1) $file"
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
