#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check.sh FOLDER POT: whether each catalogue that the folder's LINGUAS names translates exactly the
# texts of the template, and each text's format fits. Says everything that is wrong.
set -u

folder=$1
template=$2
merged=$(mktemp)
trap 'rm -f "$merged"' EXIT
wrong=0

complain() {
	echo "$*" >&2
	wrong=1
}

listed=$(sort "$folder/LINGUAS")
present=$(cd "$folder" && ls ./*.po | sed 's|^\./||; s|\.po$||' | sort)
[ "$listed" = "$present" ] || complain "$folder/LINGUAS lists" $listed "but there is" $present

for language in $listed; do
	catalogue=$folder/$language.po
	msgfmt --check -o /dev/null "$catalogue" || complain "$catalogue: msgfmt --check fails"
	# Missing, untranslated and fuzzy texts.
	msgcmp "$catalogue" "$template" || complain "$catalogue: not complete ('make po' adds texts)"
	# What the sources do not have any more.
	msgmerge --quiet --no-fuzzy-matching -o "$merged" "$catalogue" "$template" ||
		complain "$catalogue: msgmerge fails"
	! grep -n '^#~ msgid' "$merged" >&2 || complain "$catalogue: obsolete texts"
done
exit $wrong
