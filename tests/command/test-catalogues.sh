# SPDX-License-Identifier: MIT
# What `make lint` says of the catalogues: each on a copy of the sources.
. tests/harness.sh

repo=$PWD
tree=/run/tree

# fresh_tree: as it is here, and nothing is built.
fresh_tree() {
	rm -rf $tree
	mkdir -p $tree
	cp -r "$repo/Makefile" "$repo/helper" "$repo/pam_module" "$repo/conf" "$repo/packaging" $tree
	cd $tree
}

# Another BUILD in the environment would be that of the tests.
checks() { env -u MAKEFLAGS -u BUILD make --no-print-directory texts-checked; }

is_complete() {
	fresh_tree
	exits 0 checks
}

# is_refused WHY COMMAND...: once the command has changed something.
is_refused() {
	why=$1
	shift
	fresh_tree
	"$@"
	exits 2 checks
	says $out "$why"
}

untranslate() {
	perl -0pi -e 's/(msgid "The card is full."\nmsgstr ").*"/$1"/' packaging/po/pt.po
}
half_translate() {
	perl -0pi -e 's/(msgstr\[1\] ")Pertencem a %s\."/$1"/' packaging/po/pt.po
}
make_fuzzy() {
	perl -0pi -e 's/(msgid "The card is full.")/#, fuzzy\n$1/' packaging/po/zh_TW.po
}
remove_text() {
	perl -0pi -e 's/msgid "The card is full."\nmsgstr ".*"\n//' packaging/po/zh_TW.po
}
add_text_in() {
	mkdir -p "$(dirname "$1")"
	echo 'const char *later(void) { return _("A text that came later."); }' > "$1"
}
add_plural() {
	echo 'void f(int n) { P_("%d text came later.", "%d texts came later.", n); }' > helper/later.c
}
add_marked() { echo 'const char *const later[] = {N_("Marked for later.")};' > helper/later.c; }
add_in_context() {
	echo 'void f(void) { language_text_in("later", "valid"); }' > helper/words/later.c
}
leave_obsolete() {
	printf '\n#~ msgid "An old text."\n#~ msgstr "Um texto antigo."\n' >> packaging/po/pt.po
}
leave_unused() {
	printf '\nmsgid "An old text."\nmsgstr "Um texto antigo."\n' >> packaging/po/pt.po
}
break_format() {
	sed -i '/^msgid "It belongs to %s\."/,/^$/s/Pertence a %s/Pertence a %d/' packaging/po/pt.po
}
break_syntax() { echo 'msgid "' >> packaging/po/zh_TW.po; }
add_catalogue() { cp packaging/po/pt.po packaging/po/gl.po; }
list_catalogue() { echo gl >> packaging/po/LINGUAS; }

brings_texts_in() {
	fresh_tree
	add_text_in helper/later.c
	env -u MAKEFLAGS -u BUILD make --no-print-directory po > $out 2>&1
	for language in pt zh_TW; do
		says packaging/po/$language.po 'msgid "A text that came later."'
	done
	exits 2 checks
	says $out "not complete"
}

# Without a change of a text nothing changes.
changes_nothing() {
	fresh_tree
	env -u MAKEFLAGS -u BUILD make --no-print-directory po > $out 2>&1
	for language in pt zh_TW; do
		same "$repo/packaging/po/$language.po" packaging/po/$language.po
	done
}

needs_msgfmt() {
	fresh_tree
	mkdir /run/tools
	trap "rm -r /run/tools" EXIT
	for tool in sh cat make gcc cc pkg-config test find sort nproc uname; do
		ln -s "$(command -v $tool)" /run/tools/
	done
	exits 2 env -u MAKEFLAGS -u BUILD PATH=/run/tools make
	says $out "certrenew needs gettext's msgfmt"
}

promise "the catalogues are complete" is_complete
promise "a text that is not translated is refused" is_refused "pt.po: not complete" untranslate
promise "a plural form that is not translated is refused" is_refused "pt.po" half_translate
promise "a fuzzy one is refused" is_refused "zh_TW.po: not complete" make_fuzzy
promise "a text that a catalogue does not have is refused" \
	is_refused "zh_TW.po: not complete" remove_text
promise "so is a new text in a file that was added" \
	is_refused "pt.po: not complete" add_text_in helper/words/later.c
promise "so it is in a folder that was added" \
	is_refused "zh_TW.po: not complete" add_text_in helper/new/and/deep/later.c
promise "a new plural is refused" is_refused "pt.po: not complete" add_plural
promise "a new text of a table is refused" is_refused "pt.po: not complete" add_marked
promise "a known text in a new context is refused" is_refused "pt.po: not complete" add_in_context
promise "an obsolete text is refused" is_refused "pt.po: obsolete texts" leave_obsolete
promise "a text that the sources do not have is refused" \
	is_refused "pt.po: obsolete texts" leave_unused
promise "a format that does not fit is refused" \
	is_refused "pt.po: msgfmt --check fails" break_format
promise "a catalogue that cannot be read is refused" \
	is_refused "zh_TW.po: msgfmt --check fails" break_syntax
promise "a catalogue that is not listed is refused" is_refused "LINGUAS lists" add_catalogue
promise "a listed catalogue that is not there is refused" is_refused "LINGUAS lists" list_catalogue
promise "make po brings new texts into the catalogues" brings_texts_in
promise "make po changes nothing where nothing is new" changes_nothing
promise "make names msgfmt where it is missing" needs_msgfmt
promised
