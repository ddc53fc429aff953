#!/bin/sh
# SPDX-License-Identifier: MIT
#
# inside.sh PID COMMAND...: the command, by root, on the booted machine whose boot.sh is PID. It is a
# service there, so that its processes are the machine's own.
set -eu

boot=$1
shift
systemd=$boot
# boot.sh, unshare, systemd
for generation in unshare systemd; do
	systemd=$(pgrep -P "$systemd") || { echo "no $generation" >&2; exit 1; }
done
exec nsenter --target "$systemd" --all systemd-run --quiet --wait --pipe --collect \
	--working-directory="$PWD" -E "PATH=/usr/lib/certrenew-tests:/usr/sbin:/usr/bin:/sbin:/bin" \
	-E "CERTRENEW_WORLD=$PWD" -E CERTRENEW_BUILD=build -E TERM=dumb -E HOME=/root "$@"
