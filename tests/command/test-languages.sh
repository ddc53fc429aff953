# SPDX-License-Identifier: MIT
# What a person reads and may answer in other languages, and what a hostile name of one changes.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

prepare_cards
start_ra
TERM=xterm
export TERM
helper=/usr/libexec/certrenew/certrenew-helper
module=$(dirname "$(find /usr/lib -name pam_unix.so | head -n 1)")/pam_certrenew.so
trace=/run/trace

# at_command [OPTION...]: the card is as the options say, the CA honours requests.
at_command() {
	fresh_login "$@"
	seat_of 0
}

# The C library alone could not translate anything.
has_no_locale() {
	rm -rf /usr/lib/locale/zh_* /usr/lib/locale/pt_* /usr/lib/locale/locale-archive
	locale -a > $out
	says_not $out zh
	says_not $out pt
}

# shows TEXT...: each is a line of what was shown, with any date.
shows() {
	sed 's/20[0-9][0-9]年[0-9]*月[0-9]*日/DATE/g
		s|[0-3][0-9]/[01][0-9]/20[0-9][0-9]|DATE|g' "$said_in" > /run/dated
	for line in "$@"; do
		says /run/dated "$line"
	done
}

# --- the command ---------------------------------------------------------------------------------

renews_in_portuguese() {
	at_command
	typed "$1" $PIN $PIN > /run/typed
	exits 0 env LANG=pt_PT.UTF-8 certrenew renew < /run/typed
	said_in=$out
	shows "Os certificados do seu cartão expiram dentro de 20 dias, em DATE." \
		" Pertencem a Alice Chen, Example Government." \
		"Introduza o PIN do seu cartão (Alice), para pedir novos certificados." \
		"Passo 2 de 4: a contactar a autoridade de certificação. Não retire o cartão." \
		"Introduza mais uma vez o PIN do seu cartão (Alice), para gravar os novos" \
		"O certificado de cifra era válido até DATE e agora é válido até DATE." \
		"O certificado de assinatura era válido até DATE e agora é válido até DATE." \
		"Todos os certificados foram renovados. Já pode retirar o cartão."
	says $out "$(date -d '+20 days' +%d/%m/%Y)"
	says_not $out "certificate"
	renewed
}

renews_in_chinese() {
	at_command
	typed "$1" $PIN $PIN > /run/typed
	exits 0 env LANG=zh_TW.UTF-8 certrenew renew < /run/typed
	said_in=$out
	shows "您卡片上的憑證將於 20 天後 (DATE) 到期。持有人為 Alice Chen，Example Government。" \
		"請輸入卡片 (Alice) 的 PIN 碼，以便申請新憑證。" \
		"步驟 4/4：正在檢查寫入的內容。請勿取出卡片。" \
		"簽章憑證原本有效至 DATE，現在有效至 DATE。" \
		"憑證已全部更新。您可以取出卡片了。"
	says $out "$(date -d '+20 days' +%Y年%-m月%-d日)"
	says_not $out "certificate"
	renewed
}

# leaves_alone LANGUAGE ANSWER SENTENCE
leaves_alone() {
	at_command
	typed "$2" > /run/typed
	exits 1 env LANG="$1" certrenew renew < /run/typed
	says $out "$3"
	nothing_happened
}

renews_over_the_socket() {
	at_command
	seat_of 5001
	start_socket
	trap stop_socket EXIT
	typed 是 $PIN $PIN > /run/typed
	exits 0 as_user alice env LANG=zh_TW.UTF-8 certrenew renew < /run/typed
	says $out "憑證已全部更新。您可以取出卡片了。"
	renewed
}

# The last column begins where its heading does, as a terminal shows it: a name has no two blanks.
is_aligned() {
	perl -CSD -Mutf8 -e '
		my %at;
		while (<STDIN>) {
			s/[\p{East_Asian_Width: W}\p{East_Asian_Width: F}]/##/g;
			next unless /^  /;
			/^(.*  )\S/ or die "no columns: $_";
			$at{length($1)}++;
			$rows++;
		}
		my @starts = keys %at;
		@starts == 1 && $rows == 3 or die "the last column begins at @starts in $rows rows";
	' < "$1" || { cat "$1"; return 1; }
}

lists_in() {
	at_command --subject "/C=TW/O=範例機關/CN=$2"
	exits 1 env LANG="$1" certrenew status
	shift 2
	for text in "$@"; do
		says $out "$text"
	done
	is_aligned $out
}

says_json_in_no_language() {
	at_command
	exits 1 certrenew status --json
	cp $out /run/english
	for language in zh_TW.UTF-8 pt_PT.UTF-8; do
		exits 1 env LANG=$language certrenew status --json
		same /run/english $out
	done
}

# fails_in LANGUAGE SENTENCE...: without a card.
fails_in() {
	at_command
	shim "C_GetTokenInfo error CKR_TOKEN_NOT_PRESENT"
	exits 3 env LANG="$1" certrenew status
	shift
	for sentence in "$@"; do
		says $out "$sentence"
	done
}

# help_in TEXT VARIABLE...
help_in() {
	text=$1
	shift
	exits 0 env "$@" certrenew --help
	says $out "$text"
}

keeps_the_configuration_english() {
	at_command
	exits 0 env LANG=zh_TW.UTF-8 certrenew check-config
	says $out "# default"
	echo "colour = blue" >> /etc/certrenew.conf
	exits 3 certrenew check-config
	cp $out /run/english
	exits 3 env LANG=zh_TW.UTF-8 certrenew check-config
	same /run/english $out
}

# --- the desktop ---------------------------------------------------------------------------------

misses_the_agent() {
	trap 'mv /run/agent $(dirname $helper)/certrenew-agent 2> /dev/null || :' EXIT
	mv "$(dirname $helper)/certrenew-agent" /run/agent 2> /dev/null || :
	exits 3 certrenew renew --desktop
	says $out "is not installed: there is no /usr/libexec/certrenew/certrenew-agent."
	says $out "Run 'certrenew renew' to renew in this terminal."
	exits 3 env LANG=pt_PT.UTF-8 certrenew renew --desktop
	says $out "não está instalada"
}

becomes_the_agent() {
	agent=$(dirname $helper)/certrenew-agent
	trap 'rm -f $agent; mv /run/agent $agent 2> /dev/null || :' EXIT
	mv "$agent" /run/agent 2> /dev/null || :
	printf '#!/bin/sh\necho "pid $$, $# argument: $*"\nexit 7\n' > $agent
	chmod 755 $agent
	exits 7 sh -c 'echo "pid $$, 1 argument: --renew" > /run/expected; exec certrenew renew --desktop'
	same /run/expected $out
}

# --- a login -------------------------------------------------------------------------------------

signs_in_with() {
	fresh_login
	answer=$1
	shift
	typed "$answer" $PIN $PIN | sign_in login alice "$@"
	goes_on
}

asks_in_chinese() {
	signs_in_with 是 -Itty=/dev/pts/3 -E XDG_SEAT=seat0 -E LANG=zh_TW.UTF-8
	said_in=$shown
	shows "您卡片上的憑證將於 20 天後 (DATE) 到期。持有人為 Alice Chen，Example Government。" \
		"現在要更新嗎？(是 / 否 / 稍後) 請輸入卡片 (Alice) 的 PIN 碼，以便申請新憑證。" \
		"PIN 碼： 步驟 1/4：正在卡片上製作申請。請勿取出卡片。" \
		"憑證已全部更新。您可以取出卡片了。"
	renewed
}

asks_on_the_console() {
	signs_in_with yes -Itty=/dev/tty1 -E LANG=zh_TW.UTF-8
	says $shown "Renew now? (yes / no / later) "
	says $shown "All certificates were renewed. You may remove the card."
	! LC_ALL=C grep -q "$(printf '[\200-\377]')" $shown || { cat $shown; return 1; }
	renewed
}

asks_in_portuguese_on_the_console() {
	signs_in_with sim -Itty=/dev/tty1 -E LANG=pt_PT.UTF-8
	says $shown "Renovar agora? (sim / não / depois) "
	says $shown "Todos os certificados foram renovados. Já pode retirar o cartão."
	renewed
}

only_says_in_chinese() {
	fresh_login
	service login prompt=notice
	sign_in login alice -Itty=/dev/pts/3 -E XDG_SEAT=seat0 -E LC_ALL=zh_TW.UTF-8 < /dev/null
	says $shown "請執行「certrenew renew」更新憑證。"
}

refuses_in_chinese() {
	fresh_login --days -1
	service login prompt=require
	! sign_in login alice -Itty=/dev/pts/3 -E XDG_SEAT=seat0 -E LANG=zh_TW.UTF-8 < /dev/null ||
		complain "the login went on"
	says $shown "您卡片上的憑證已於 $(date -d yesterday +%Y年%-m月%-d日)到期。"
	says $shown "請向發卡單位重新申請憑證。"
}

# --- hostile names -------------------------------------------------------------------------------

# hostile FUNCTION: is called with each.
hostile() {
	"$1" '../evil'
	"$1" '../../../../../../run/evil'
	"$1" '/etc/passwd'
	"$1" '%n%n%n%s%s'
	"$1" "$(printf '\001\033[31m\377\nzh')"
	"$1" "$(printf '%0100000d' 0)"
	"$1" "$(printf '%04090d' 0)"
	"$1" 'zh_TW/../../evil'
	"$1" ''
}

changes_no_status() {
	LANG=$1 certrenew status > $out 2>&1 || :
	same /run/english $out
	LANG=en_US.UTF-8 LANGUAGE=$1 certrenew status > $out 2>&1 || :
	same /run/english $out
	as_user alice env LC_ALL="$1" certrenew status > $out 2>&1 || :
	same /run/english $out
}

means_english() {
	at_command
	seat_of 5001
	start_socket
	trap stop_socket EXIT
	exits 1 certrenew status
	cp $out /run/english
	says /run/english "CERTIFICATE"
	hostile changes_no_status
}

changes_no_login() {
	fresh_login
	sign_in login alice -Itty=/dev/tty1 -E LANG="$1" < /dev/null
	says $shown "Your card's certificates expire in 20 days, on "
	says $shown "Renew now? (yes / no / later) "
	goes_on
}

# traced NAME: the files that command, helper, check and renew ask for are in /run/files, with this
# name as the language. (Programs and their arguments are no such files.)
traced() {
	typed no > /run/typed
	LANG=$1 LANGUAGE=$1 strace -f -qq -s 400 -e trace=%file -o $trace certrenew renew \
		< /run/typed > $out 2>&1 || :
	for program in check renew; do
		grep -q "execve(.*certrenew-$program" $trace || { cat $out; complain "not traced: $program"; }
	done
	grep -v 'execve(' $trace | sed 's/^[0-9]* *//' > /run/files
	grep locale /run/files | sort > /run/locale-files || :
}

opens_nothing() {
	traced "$1"
	for word in evil passwd.mo .mo\" LC_MESSAGES zh pt_ %n '\33'; do
		says_not /run/files "$word"
	done
	# The widths of characters are C.UTF-8's, whatever the user's locale is.
	same /run/locale-files.of-c /run/locale-files
}

opens_no_file() {
	at_command
	traced C
	mv /run/locale-files /run/locale-files.of-c
	hostile opens_nothing
	opens_nothing zh_TW.UTF-8
	opens_nothing pt_PT.UTF-8
}

# --- what must not be where root is --------------------------------------------------------------

# Of every text and translation, whether the file has it.
texts_in() {
	perl -e '
		my ($file, @catalogues) = @ARGV;
		open my $in, "<", $file or die; binmode $in;
		my $content = do { local $/; <$in> };
		my $found = 0;
		for my $catalogue (@catalogues) {
			open my $lines, "-|", "msgunfmt", "--no-wrap", $catalogue or die;
			while (<$lines>) {
				next unless /^msg\w*(?:\[\d\])? "(.{12,})"$/;
				my $text = $1;
				next unless $text =~ / |[\x80-\xff]/;
				$text =~ s/\\n/\n/g;
				$found++ if index($content, $text) >= 0;
			}
		}
		print "$found\n";
	' "$1" "$CERTRENEW_BUILD"/po/*.mo
}

has_no_words() {
	for file in $helper "$module"; do
		[ "$(texts_in "$file")" = 0 ] || complain "$file has $(texts_in "$file") of our texts"
		! nm "$file" | grep -E ' (language_text|catalogue_|sentence_|words_)' ||
			complain "$file has the code for it"
		! nm -D "$file" | grep -iE 'locale|gettext|textdomain' || complain "$file asks for a locale"
	done
	# That the search finds what is there:
	[ "$(texts_in $(dirname $helper)/certrenew-renew)" -gt 300 ] || complain "the search is blind"
}

promise "there is no locale of our languages here" has_no_locale
promise "a renewal in Portuguese, 'sim' is a yes" renews_in_portuguese sim
promise "'S' is a yes" renews_in_portuguese S
promise "'yes' is a yes there too" renews_in_portuguese yes
promise "a renewal in Chinese, '是' is a yes" renews_in_chinese 是
promise "'YES' is a yes there too" renews_in_chinese YES
promise "'não' is a no" \
	leaves_alone pt_PT.UTF-8 não "A renovação foi cancelada. Nada foi alterado no cartão."
promise "'NÃO' is a no" leaves_alone pt_PT.UTF-8 NÃO "A renovação foi cancelada."
promise "'depois' is later" leaves_alone pt_PT.UTF-8 depois "A renovação foi cancelada."
promise "'否' is a no" \
	leaves_alone zh_TW.UTF-8 否 "更新已取消。卡片上的內容沒有任何變更。"
promise "'稍後' is later" leaves_alone zh_TW.UTF-8 稍後 "更新已取消。"
promise "a renewal in Chinese over the socket" renews_over_the_socket
promise "status in Chinese: its columns stand below each other" \
	lists_in zh_TW.UTF-8 "Alice Chen" "卡片 Alice，序號 " "剩餘天數" "現在可以更新" "簽章"
promise "so they do with a Chinese name" lists_in zh_TW.UTF-8 陳美玲 "持有人" "陳美玲"
promise "so they do in Portuguese" \
	lists_in pt_PT.UTF-8 "João Conceição" "VÁLIDO ATÉ" "já pode ser renovado" "João Conceição"
promise "so they do in English, with a Chinese name" lists_in C 陳美玲 "HOLDER" "陳美玲"
promise "JSON is the same in every language" says_json_in_no_language
promise "a failure in Chinese" fails_in zh_TW.UTF-8 "讀卡機中沒有卡片。" "請插入您的卡片，然後再試一次。"
promise "a failure in Portuguese" \
	fails_in pt_BR.UTF-8 "Não há nenhum cartão no leitor." "Insira o seu cartão e tente de novo."
promise "the help is in Chinese" help_in "用法：certrenew" LANG=zh_TW.UTF-8
promise "LANGUAGE is preferred" help_in "Utilização: certrenew" LANG=zh_TW.UTF-8 LANGUAGE=de:pt
promise "LC_ALL is stronger than LANG" help_in "Utilização: certrenew" LANG=zh_TW.UTF-8 LC_ALL=pt_PT.UTF-8
promise "LC_MESSAGES is stronger than LANG" help_in "用法：" LANG=pt_PT.UTF-8 LC_MESSAGES=zh_TW.UTF-8
promise "with LC_ALL=C nothing is translated" \
	help_in "Usage: certrenew" LANG=zh_TW.UTF-8 LC_ALL=C LANGUAGE=zh_TW
promise "a terminal that is not in UTF-8 gets English" help_in "Usage: certrenew" LANG=zh_TW.Big5
promise "the kernel's console gets English instead of Chinese" \
	help_in "Usage: certrenew" LANG=zh_TW.UTF-8 TERM=linux
promise "the kernel's console gets Portuguese" \
	help_in "Utilização: certrenew" LANG=pt_PT.UTF-8 TERM=linux
promise "the configuration and its errors are in English" keeps_the_configuration_english

promise "renew --desktop without the agent says what is missing" misses_the_agent
promise "renew --desktop becomes the agent" becomes_the_agent

promise "a login asks in Chinese, and '是' renews" asks_in_chinese
promise "on the kernel's console it asks in English" asks_on_the_console
promise "Portuguese is asked on the console, and 'sim' renews" asks_in_portuguese_on_the_console
promise "prompt = notice says so in Chinese" only_says_in_chinese
promise "prompt = require says so in Chinese" refuses_in_chinese

promise "a hostile name of a language means English" means_english
promise "so it does at a login" hostile changes_no_login
promise "no name of a language opens a file" opens_no_file
promise "root's helper and the PAM module hold no text, and no code for it" has_no_words
promised
