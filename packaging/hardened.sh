#!/bin/sh
# SPDX-License-Identifier: MIT
#
# hardened.sh BUILD: whether what is installed from there was built as the Makefile means it. Two small
# objects call nothing that could be fortified. Debian's own start files carry no control-flow note, so
# no program can: that is looked for in what they are linked from.
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
if [ "$(uname -m)" = x86_64 ]; then
	find "$1"/obj/conf "$1"/obj/helper -name '*.o' > "$1"/objects
	while read -r object; do
		readelf -n "$object" | grep -q 'IBT, SHSTK' ||
			{ echo "$object: without control-flow protection"; bad=1; }
	done < "$1"/objects
	objdump -d "$1"/pam_certrenew.so | grep -A 1 '<pam_sm_open_session>:' | grep -q endbr64 ||
		{ echo "$1/pam_certrenew.so: without control-flow protection"; bad=1; }
fi
exit $bad
