#!/bin/sh
# SPDX-License-Identifier: MIT
#
# boot.sh ROOT [COMMAND...]: a machine whose files are the Debian in ROOT, in namespaces of its own: an
# overlay, so that ROOT stays as it is, no network but loopback, the repository at the place that it
# has here, the tests' programs in /usr/lib/certrenew-tests. It runs the command, or boots under
# its own systemd until it is shut down: `inside.sh PID COMMAND...`, with the PID of this process,
# runs what is to run there.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../.." && pwd)

# groups COMMAND: with the tree of control groups in /mnt, as it may be mounted nowhere here.
groups() {
	unshare --mount sh -euc "mount --make-rprivate /; mount -t cgroup2 cgroup /mnt; $1"
}

# The machine's whole tree is one group at the top of this one's.
if [ "${1:-}" != inside ]; then
	group=/mnt/certrenew.$$
	groups "mkdir $group; echo $$ > $group/cgroup.procs"
	exec 3<&0
	unshare --mount --pid --fork --kill-child --uts --ipc --net --cgroup sh "$0" inside "$@" <&3 &
	trap 'kill -KILL $!' TERM INT HUP
	status=0
	wait $! || status=$?
	# Killed processes take a moment to be gone.
	groups "echo $$ > /mnt/cgroup.procs; echo 0 > /mnt/cgroup.procs
		for try in 1 2 3 4 5 6 7 8 9; do
			find $group -depth -type d -exec rmdir {} + 2> /dev/null && break
			sleep 0.2
		done"
	exit $status
fi
lower=$2
shift 2
mount --make-rprivate /
top=$(mktemp -d)
mount -t tmpfs -o mode=0755 machine "$top"
mkdir "$top/upper" "$top/work" "$top/root"
mount -t overlay -o "lowerdir=$lower,upperdir=$top/upper,workdir=$top/work" machine "$top/root"
cd "$top/root"
mkdir -p ".$repo" usr/lib/certrenew-tests
mount --bind "$repo" ".$repo"
cp "$repo/build/tests/world/"* usr/lib/certrenew-tests/
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sys sys
mount -t cgroup2 cgroup sys/fs/cgroup
mount -t tmpfs -o mode=0755 dev dev
for node in null zero full random urandom tty; do
	: > "dev/$node"
	mount --bind "/dev/$node" "dev/$node"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777 shm dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=0755 run run
mount -t tmpfs -o mode=1777 tmp tmp
mkdir .outside
pivot_root . .outside
umount -l /.outside
rmdir /.outside || :
ip link set lo up 2> /dev/null || :
hostname machine
cd "$repo"
PATH=/usr/lib/certrenew-tests:/usr/sbin:/usr/bin:/sbin:/bin
if [ $# -gt 0 ]; then
	status=0
	env -i PATH=$PATH CERTRENEW_WORLD="$repo" CERTRENEW_BUILD=build HOME=/root TERM=dumb "$@" || status=$?
	exit $status
fi
# logind gives a console to a seat that has one: seat0, if this kernel's first is in front. Nothing of
# the kernel's own consoles is reached from here, and so no getty is wanted.
if grep -qs '^tty1$' /sys/class/tty/tty0/active; then
	: > /dev/tty0
	ln -sf /dev/null /etc/systemd/system/getty@.service
	mkdir -p /etc/systemd/logind.conf.d
	printf '[Login]\nNAutoVTs=0\nReserveVT=0\n' > /etc/systemd/logind.conf.d/boot.conf
fi
exec env -i container=certrenew-tests PATH=$PATH /lib/systemd/systemd --log-target=console --log-level=notice --show-status=1
