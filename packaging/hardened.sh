#!/bin/sh
# SPDX-License-Identifier: MIT
#
# hardened.sh BUILD: whether what is installed from there was built as the Makefile means it. Debian's
# own start files carry no control-flow note, so no program can; and two small objects call nothing
# that could be fortified.
set -u

bad=0
for object in "$1"/certrenew "$1"/certrenew-?* "$1"/*.so; do
	case $object in
	*.desktop) continue ;;
	*/card-window.so) without="--nopie --nofortify" ;;
	*.so) without="--nopie" ;;
	*) without= ;;
	esac
	# shellcheck disable=SC2086 # these are words
	hardening-check --quiet --nocfprotection $without "$object" || bad=1
done
exit $bad
