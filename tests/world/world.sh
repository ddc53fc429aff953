#!/bin/sh
# SPDX-License-Identifier: MIT
#
# world.sh BUILD COMMAND...: runs the command on a machine of its own: this machine's files under an
# overlay in memory, with certrenew installed from BUILD into it, a system user, two people, a
# network of loopback only, and processes that end with the command. Nothing of it is left.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../.." && pwd)

if [ "${CERTRENEW_WORLD:-}" = "" ]; then
	[ "$(id -u)" = 0 ] || { echo "world.sh: needs root (for its own mounts): use sudo" >&2; exit 1; }
	CERTRENEW_WORLD=building exec unshare --mount --net --pid --ipc --uts --fork --kill-child \
		sh "$0" "$@"
fi

build=$1
shift

# --- the files: an overlay over /, and what must not come from the host -----------------------
root=$(mktemp -d)
mount --make-rprivate /
mount -t tmpfs -o mode=0755 world "$root"
mkdir "$root/upper" "$root/work" "$root/root"
mount -t overlay -o "lowerdir=/,upperdir=$root/upper,workdir=$root/work" world "$root/root"
top=$root/root
mount -t proc proc "$top/proc"
mount --rbind /sys "$top/sys"
mount -t tmpfs -o mode=0755 dev "$top/dev"
for node in null zero full random urandom tty; do
	: > "$top/dev/$node"
	mount --bind "/dev/$node" "$top/dev/$node"
done
mkdir "$top/dev/pts" "$top/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$top/dev/pts"
ln -s pts/ptmx "$top/dev/ptmx"
ln -s /proc/self/fd "$top/dev/fd"
for place in tmp run dev/shm; do
	mount -t tmpfs -o mode=0755 "$place" "$top/$place"
done
chmod 1777 "$top/tmp" "$top/dev/shm"
# Last, as the repository may itself lie in /tmp.
mkdir -p "$top$repo"
mount --bind "$repo" "$top$repo"
mkdir -p "$top/.outside"
cd "$top"
pivot_root . .outside
umount -l /.outside
rmdir /.outside "$root" 2>/dev/null || :
cd "$repo"

# --- the machine: network, log, people, certrenew ------------------------------------------------
ip link set lo up
hostname world
mkdir -p /var/log /run/lock /run/systemd/seats
install -d -m 1777 /var/log/sanitizer
: > /var/log/auth.log
perl -MSocket -e 'socket(S, AF_UNIX, SOCK_DGRAM, 0); bind(S, sockaddr_un("/dev/log")); chmod 0666, "/dev/log";
	open(L, ">>", "/var/log/auth.log"); select(L); $| = 1; print "$m\n" while defined recv(S, $m, 8192, 0)' &
while [ ! -S /dev/log ]; do sleep 0.01; done
useradd --system --home-dir /var/lib/certrenew/home --shell /usr/sbin/nologin _certrenew
useradd --create-home --home-dir /home/alice --shell /bin/sh --comment 'Alice Chen' --uid 5001 alice
useradd --create-home --home-dir /home/bob --shell /bin/sh --comment 'Bob Lin' --uid 5002 bob
make --no-print-directory install BUILD="$build" SANITIZE="${SANITIZE:-}" > /var/log/install.log 2>&1 ||
	{ cat /var/log/install.log >&2; exit 1; }
# The tests' programs, too, from where an unprivileged user reaches them.
install -d /usr/lib/certrenew-tests
install -m 755 "$build"/tests/world/* /usr/lib/certrenew-tests/

CERTRENEW_WORLD=$repo
PATH=/usr/lib/certrenew-tests:$PATH
CERTRENEW_BUILD=$build
export CERTRENEW_WORLD PATH CERTRENEW_BUILD
# The world speaks English, whatever its visitor speaks.
unset LANG LANGUAGE LC_ALL LC_MESSAGES LC_CTYPE
# Not exec: as process 1 the command would be sent no signal that it does not handle.
# Whoever starts tests in the background has them ignore SIGINT, which some of them send.
status=0
env --default-signal=INT "$@" || status=$?
# What sanitized programs found, they could tell nobody.
for finding in /var/log/sanitizer/*; do
	[ -e "$finding" ] || continue
	echo "not ok 99 - no sanitizer finds anything"
	sed 's/^/# /' "$finding"
	status=1
done
exit $status
