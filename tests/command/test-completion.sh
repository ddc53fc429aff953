# SPDX-License-Identifier: MIT
# What shells offer after 'certrenew', as installed, and the lists that people go by before that.
. tests/harness.sh

BASH_FILE=/usr/share/bash-completion/completions/certrenew
ZSH_FOLDER=/usr/share/zsh/vendor-completions

options_in() { grep -oE -- '--[a-z]+(-[a-z]+)*' "$@" | sort -u; }
commands_of_help() { certrenew --help | sed -n 's/^  \([a-z][a-z-]*\).*/\1/p' | sort -u; }

# bash_offers WORD...: after 'certrenew' and these, the last of which is being typed.
bash_offers() {
	bash --norc -c '. "$1"; shift; COMP_WORDS=(certrenew "$@"); COMP_CWORD=$#; _certrenew
		printf "%s\n" "${COMPREPLY[@]}"' bash $BASH_FILE "$@" | sort -u
}

# zsh_offers TEXT WORD...: after the text and two presses of the tabulator key, a shell on a terminal
# shows all the words.
zsh_offers() {
	cat > /run/offers.zsh <<-'ZSH'
		all_shown() {
			local word
			for word in "$@"; do [[ $shown == *"$word"* ]] || return 1; done
		}
		zmodload zsh/zpty
		zpty shell zsh -f -i
		zpty -w shell 'PS1="ready> "; stty cols 200 rows 80; autoload -U compinit; compinit -u -D; LISTMAX=0; print begun'
		zpty -r -m shell x '*begun*ready> *'
		zpty -w -n shell "$1"$'\t\t'
		shift
		for try in {1..400}; do
			while zpty -r -t shell piece; do shown+=$piece; done
			all_shown "$@" && exit 0
			sleep 0.05
		done
		print -r -- "$shown"
		exit 1
	ZSH
	TERM=dumb zsh -f /run/offers.zsh "$@" || complain "not all of: $*"
}

bash_offers_commands() {
	commands_of_help > /run/help
	printf '%s\n' --help --version >> /run/help
	bash_offers "" > $out
	sort -o /run/help /run/help
	sort -o $out $out
	same /run/help $out
	[ "$(bash_offers se)" = "$(printf 'search\nset-phrase')" ]
}

# What --help tells of the command, and nothing else.
bash_offers_options_of() {
	certrenew "$1" --help > /run/told
	{ options_in /run/told; echo --help; } | sed '/^--online$/d' | sort -u > /run/help
	shift
	for words in "$@"; do
		# shellcheck disable=SC2086 # the words before the one that is typed
		bash_offers $words --
	done | sort -u > $out
	same /run/help $out
}

bash_offers_words() {
	[ "$(bash_offers search --status re)" = revoked ]
	[ "$(bash_offers revoke --reason super)" = superseded ]
	[ "$(bash_offers journal e)" = export ]
	[ "$(bash_offers status --)" = "$(printf -- '--json\n--online')" ]
	[ "$(bash_offers renew --)" = "$(printf -- '--desktop\n--yes')" ]
	[ -z "$(bash_offers search --email al)" ]
	[ -z "$(bash_offers set-phrase --)" ]
	: > /run/some-file
	[ "$(bash_offers check-config /run/some-f)" = /run/some-file ]
	[ "$(bash_offers search --save /run/some-f)" = /run/some-file ]
}

zsh_knows_the_same() {
	options_in $BASH_FILE > /run/bash
	options_in $ZSH_FOLDER/_certrenew > /run/zsh
	same /run/bash /run/zsh
	sed -n "/^commands=(/,/^)/s/^\t['\"]\([a-z-]*\):.*/\1/p" $ZSH_FOLDER/_certrenew | sort > /run/commands
	commands_of_help > /run/help
	same /run/help /run/commands
}

zsh_offers_commands() { zsh_offers 'certrenew ' $(commands_of_help); }

zsh_offers_options() {
	zsh_offers 'certrenew revoke --' $(certrenew revoke --help | options_in)
	zsh_offers 'certrenew revoke --reason keyC' keyCompromise
}

make_helps() {
	make --no-print-directory help > $out
	sed -n 's/^  \([a-z-]*\) .*/\1/p' $out | sort > /run/told
	sed -n '/^\.PHONY:/,/[^\\]$/p' Makefile | tr -d '\\' | tr ' \t' '\n\n' |
		grep -vE '^(\.PHONY:|packages-present|texts-checked|fuzz-targets|)$' | sort > /run/targets
	same /run/targets /run/told
}

has_one_version() {
	version=$(sed -n 's/^VERSION = //p' Makefile)
	[ "$(certrenew --version)" = "certrenew $version" ]
	[ "$(/usr/libexec/certrenew/certrenew-agent --version)" = "certrenew-agent $version" ]
	! grep -rnF "$version" --include='*.c' --include='*.h' --include='*.in' --include='*.conf' \
		helper pam_module conf packaging/man || complain "the version is in another place"
}

promise "bash offers the commands that --help lists" bash_offers_commands
promise "... search's options" bash_offers_options_of search "search x"
promise "... revoke's options" bash_offers_options_of revoke "revoke x"
promise "... journal's options" bash_offers_options_of journal "journal" "journal list" "journal export" "journal discard"
promise "... doctor's options" bash_offers_options_of doctor "doctor"
promise "... the words that an option takes, and files where there are files" bash_offers_words
promise "zsh knows the same commands and options" zsh_knows_the_same
promise "zsh offers the commands" zsh_offers_commands
promise "zsh offers a command's options, and their words" zsh_offers_options
promise "make help lists every target that is for people" make_helps
promise "the version is in the Makefile alone" has_one_version
promised
