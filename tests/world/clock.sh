# SPDX-License-Identifier: MIT
# Sourced where certrenew's clock is to be another than the machine's.

# clock SECONDS: it is so far ahead of everybody's; at once, in programs that run too.
clock() { perl -e 'print pack("q", $ARGV[0])' -- "$1" | dd of=/etc/certrenew-clock conv=notrunc status=none; }
clock 0
echo /usr/lib/certrenew-tests/clock.so > /etc/ld.so.preload
