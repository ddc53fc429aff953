#!/bin/sh
# SPDX-License-Identifier: MIT
#
# versions.sh VERSION: whether the newest entry of each list of releases is about this version, and
# the dates of its release agree.
set -u
cd "$(dirname "$0")/.." || exit 1
version=$1
bad=0

# agrees FILE WHAT FOUND EXPECTED
agrees() {
	[ "$3" = "$4" ] && return
	echo "$1: the $2 is '$3', not '$4'" >&2
	bad=1
}

date=$(sed -n '1s/^certrenew [^ ]* (\(.*\))$/\1/p' NEWS)
agrees NEWS "newest version" "$(sed -n '1s/^certrenew \([^ ]*\) (.*/\1/p' NEWS)" "$version"

changelog=packaging/debian/changelog
agrees $changelog "newest version" "$(sed -n '1s/^certrenew (\(.*\)-[^-]*) .*/\1/p' $changelog)" "$version"
agrees $changelog "date" "$(sed -n 's/^ -- .*>  //p' $changelog | head -n 1 | cut -d ' ' -f 2-4)" \
	"$(LC_ALL=C date -u -d "$date" '+%d %b %Y')"

metainfo=packaging/certrenew.metainfo.xml
agrees $metainfo "newest release" "$(sed -n 's/.*<release \(.*[^/]\)\/*>.*/\1/p' $metainfo | head -n 1)" \
	"version=\"$version\" date=\"$date\""

spec=packaging/rpm/certrenew.spec
agrees $spec "version" "$(sed -n 's/^Version: *//p' $spec)" "$version"
agrees $spec "newest entry" "$(sed -n '/^%changelog/{n;p;}' $spec | sed 's/^\* \(.*20[0-9]*\) .* - \(.*\)-[^-]*$/\1 \2/')" \
	"$(LC_ALL=C date -u -d "$date" '+%a %b %d %Y') $version"
exit $bad
