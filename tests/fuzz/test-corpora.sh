#!/bin/sh
# SPDX-License-Identifier: MIT
# Every input of the fuzz targets' corpora, what was once found among them, without libFuzzer.
set -eu
. tests/harness.sh

targets=$CERTRENEW_BUILD/tests/fuzz

replays() { "$targets/$1" "tests/fuzz/corpus/$1"; }

every_target_has_a_corpus_and_every_corpus_a_target() {
	for source in tests/fuzz/fuzz-*.c; do
		name=$(basename "$source" .c)
		echo "${name#fuzz-}"
	done > /run/targets
	ls tests/fuzz/corpus > /run/corpora
	[ -s /run/targets ]
	same /run/targets /run/corpora
}

promise "every target has a corpus, and every corpus a target" \
	every_target_has_a_corpus_and_every_corpus_a_target
for target in $(ls tests/fuzz/corpus); do
	promise "$target: nothing in its corpus breaks the parser or what must hold" replays "$target"
done
promised
