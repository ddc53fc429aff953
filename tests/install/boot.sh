#!/bin/sh
# SPDX-License-Identifier: MIT
#
# boot.sh ROOT: boots the Debian in ROOT under its own systemd, in namespaces of its own: an overlay,
# so that ROOT stays as it is, no network but loopback. Runs until the machine is shut down. Its
# systemd is process 1 of the namespaces: `nsenter --target PID --all COMMAND`, with the PID of this
# process's child, is a root shell there.
set -eu

if [ "${1:-}" != inside ]; then
	exec unshare --mount --pid --fork --kill-child --uts --ipc --net --cgroup sh "$0" inside "$1"
fi
lower=$2
mount --make-rprivate /
top=$(mktemp -d)
mount -t tmpfs -o mode=0755 machine "$top"
mkdir "$top/upper" "$top/work" "$top/root"
mount -t overlay -o "lowerdir=$lower,upperdir=$top/upper,workdir=$top/work" machine "$top/root"
cd "$top/root"
mount -t proc proc proc
mount -t sysfs -o ro sys sys
mount -t cgroup2 cgroup sys/fs/cgroup
mount -t tmpfs -o mode=0755 dev dev
for node in null zero full random urandom tty; do
	: > "dev/$node"
	mount --bind "/dev/$node" "dev/$node"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=0755 run run
mkdir .outside
pivot_root . .outside
umount -l /.outside
rmdir /.outside || :
ip link set lo up 2> /dev/null || :
hostname machine
exec env -i container=certrenew-tests PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --log-target=console --log-level=notice --show-status=1
