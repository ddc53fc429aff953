#!/bin/sh
# SPDX-License-Identifier: MIT
#
# roots.sh FOLDER PACKAGES: the Debians that the parts run on, as folders in FOLDER: `plain` is a
# minimal one, `console` has besides what the tests need, `desktop` a display manager, too. They are kept
# until their lists of packages change. The .debs of the folder PACKAGES are looked at by apt, and
# what they need on each is kept in FOLDER/archives, from where the parts install without a network.
# The mirror is this machine's own.
set -eu

folder=$1
packages=$(realpath "$2")
suite=bookworm
plain="systemd-sysv libpam-systemd dbus"
console="softhsm2 expect procps iproute2 openssl libmicrohttpd12 pamtester"
desktop="lightdm lightdm-gtk-greeter xvfb openbox xdotool x11-utils x11-xserver-utils dbus-user-session
	dunst pinentry-gtk2 fonts-dejavu-core"

mkdir -p "$folder"
cd "$folder"

# Where this machine gets Debian from, in either of apt's two forms.
sources() {
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
		grep -qsE "^[^#]*[[:space:]]$suite([[:space:]]|\$)" "$file" && echo "$file"
	done
	return 0
}

# in_root ROOT COMMAND...: with this machine's network, which only apt is given.
in_root() {
	unshare --mount --pid --fork --kill-child sh -eu -c '
		root=$1
		shift
		mount --make-rprivate /
		mount -t proc proc "$root/proc"
		mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
		mount -t tmpfs -o mode=0755 dev "$root/dev"
		for node in null zero full random urandom tty; do
			: > "$root/dev/$node"
			mount --bind "/dev/$node" "$root/dev/$node"
		done
		mkdir -p "$root/dev/pts" "$root/dev/shm" "$root/debs"
		mount --bind "$DEBS" "$root/debs"
		mount --bind "$KEPT/archives" "$root/var/cache/apt/archives"
		mount --bind "$KEPT/lists" "$root/var/lib/apt/lists"
		exec chroot "$root" env -i DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin \
			LC_ALL=C.UTF-8 "$@"' in_root "$@"
}

# is_of ROOT LIST...: it was made of these packages.
is_of() {
	made=$1
	shift
	[ "$(cat "$made.list" 2> /dev/null)" = "$*" ]
}

# made ROOT LIST...: it is whole.
made() {
	made=$1
	shift
	echo "$*" > "$made.list"
}

# onto ROOT FROM PACKAGE...: a copy of another, with more in it.
onto() {
	root=$1
	from=$2
	shift 2
	rm -rf "$root"
	cp -a --reflink=auto "$from" "$root"
	in_root "$root" apt-get -q -y "$@" >> apt.log 2>&1 || { tail -n 30 apt.log >&2; return 1; }
}

mkdir -p archives/partial lists/partial
DEBS=$packages KEPT=$PWD
export DEBS KEPT
: > apt.log

if ! is_of plain "$plain"; then
	echo "making a minimal Debian"
	found=$(sources)
	[ -n "$found" ] || { echo "no source of Debian's $suite in /etc/apt" >&2; exit 1; }
	rm -rf plain
	# shellcheck disable=SC2086
	mmdebstrap --variant=minbase --include="$(echo $plain | tr ' ' ,)" $suite plain $found >> apt.log 2>&1 ||
		{ tail -n 30 apt.log >&2; exit 1; }
	made plain "$plain"
fi
[ -n "$(ls lists | grep Packages)" ] || in_root plain apt-get -q update >> apt.log 2>&1
if ! is_of console "$plain" "$console"; then
	echo "making one with what the tests need"
	# shellcheck disable=SC2086
	onto console plain install --no-install-recommends $console
	made console "$plain" "$console"
fi
if ! is_of desktop "$plain" "$console" "$desktop"; then
	echo "making one with a display manager"
	# shellcheck disable=SC2086
	onto desktop console install --no-install-recommends $desktop
	made desktop "$plain" "$console" "$desktop"
fi

# wanted_on ROOT OPTION...: as apt finds it. A mirror that has gone on since the last time has newer lists.
wanted_on() {
	on=$1
	shift
	set -- apt-get -q -y --download-only install "$@"
	in_root "$on" "$@" >> apt.log 2>&1 || {
		in_root "$on" apt-get -q update >> apt.log 2>&1
		in_root "$on" "$@" >> apt.log 2>&1
	} || { tail -n 30 apt.log >&2; return 1; }
}

both="/debs/certrenew.deb /debs/libpam-certrenew.deb"
# shellcheck disable=SC2086
{
	wanted_on plain --no-install-recommends $both /debs/certrenew-agent.deb
	wanted_on console $both
	wanted_on console --no-install-recommends libpam-sss
	wanted_on desktop --no-install-recommends $both /debs/certrenew-agent.deb
}
