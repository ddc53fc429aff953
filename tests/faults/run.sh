#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run.sh BUILD [SWEEP...]: runs sweeps (all, if none is named), each in worlds of its own, two at a
# time, and closes with a table and `faults: N points, N violations`. A sweep's second line says into
# how many parts it is divided; those of one that mostly waits are run 'all at once', beside the rest.
# EVERY and ONLY are sweep.sh's.
set -u

# In one world: run.sh --part BUILD SWEEP I N
if [ "$1" = --part ]; then
	build=$2 sweep=$3 shard=$4/$5
	log=$build/log/faults-$sweep-$4.log
	SHARD=$shard RESULTS=$build/log/faults.tsv sh tests/world/world.sh "$build" \
		sh "tests/faults/sweep-$sweep.sh" > "$log" 2>&1
	status=$?
	grep -q ' violations, ' "$log" || { echo "$sweep $shard was not finished:"; tail -n 5 "$log"; }
	exit $status
fi

cd "$(dirname "$0")/../.." || exit 1
build=$1
shift
[ $# -gt 0 ] || set -- $(ls tests/faults/sweep-*.sh | sed 's,.*/sweep-\(.*\)\.sh,\1,')
mkdir -p "$build/log"
rm -f "$build"/log/faults*
: > "$build/log/faults.tsv"
: > "$build/log/faults-jobs"
: > "$build/log/faults-waiting"

for sweep in "$@"; do
	line=$(sed -n '2s/^# Shards: //p' "tests/faults/sweep-$sweep.sh")
	parts=${line%%,*}
	[ -z "${ONLY:-}" ] || parts=1
	case $line in *'all at once') jobs=waiting ;; *) jobs=jobs ;; esac
	part=0
	while [ $part -lt "${parts:-1}" ]; do
		echo "--part $build $sweep $part ${parts:-1}" >> "$build/log/faults-$jobs"
		part=$((part + 1))
	done
done

xargs -r -L 1 -P 64 sh tests/faults/run.sh < "$build/log/faults-waiting" &
waiting=$!
xargs -r -L 1 -P 2 sh tests/faults/run.sh < "$build/log/faults-jobs"
ended=$?
wait $waiting || ended=$?

cat "$build"/log/faults-*.log | grep '^violation\|^	'
echo
awk -F '\t' -f tests/faults/table.awk "$build/log/faults.tsv" && [ $ended -eq 0 ]
