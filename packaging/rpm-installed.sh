#!/bin/sh
# SPDX-License-Identifier: MIT
#
# rpm-installed.sh FOLDER: has Debian's rpm install the packages there into a root of its own, without
# their scripts and what they require. What is on the disk then, with modes and owners, must be what
# `make install` puts there, but for Debian's PAM profiles, and what rpm adds of documentation; what is
# removed must be gone. It is no Fedora: rpm, not a system, is what this tries.
set -eu

packages=$(ls "$1"/*.rpm | grep -v '\.src\.rpm$')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
rpms() { rpm --root "$root" --dbpath /rpmdb "$@"; }
fail() { echo "rpm: $*" >&2; exit 1; }

# listed FOLDER: each file's mode, owner and name; where it lies is partly the distribution's own.
listed() {
	find "$1" -path "$root/rpmdb" -prune -o -path '*/pam-configs/*' -prune -o -path '*/share/licenses/*' -prune \
		-o -path '*/share/doc/*' -prune -o -type f -printf '%m %u:%g %f\n' | sort
}

mkdir -p "$root"
rpms --initdb
# shellcheck disable=SC2086
rpms --install --force-debian --nodeps --noscripts $packages
rpms --query --all --last > "$work/installed"
[ "$(wc -l < "$work/installed")" = 3 ] || fail "not three packages: $(cat "$work/installed")"
rpms --verify --all --nodeps --noscripts || fail "not as the packages say"
make -s --no-print-directory install DESTDIR="$work/made" > /dev/null
listed "$root" > "$work/found"
listed "$work/made" > "$work/wanted"
diff "$work/wanted" "$work/found" || fail "not what 'make install' installs"
# As their dependencies have it; nothing of those is known here.
rpms --erase --force-debian --nodeps --noscripts pam_certrenew certrenew-agent
rpms --erase --force-debian --nodeps --noscripts certrenew
find "$root" -path "$root/rpmdb" -prune -o -name '*certrenew*' -print > "$work/left"
[ ! -s "$work/left" ] || fail "left: $(cat "$work/left")"
echo "rpm: $(wc -l < "$work/found") files installed and removed again, as 'make install' has them"
