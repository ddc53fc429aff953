# SPDX-License-Identifier: MIT
# Names from a card as they are shown on servers with and without markup, and the person's language.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/world/desktop.sh

prepare_cards
start_ra
start_x

# asked_on SERVER [CARD OPTION...]
asked_on() {
	server=$1
	shift
	fresh_login "$@"
	desktop "$server" gtk-2
	autostart
	bubble "summary="
}

odd_name='/C=TW/O=R&D <i>Office/CN=<b>Alice & Co.'

# Where the body is read as markup, the names' own is none.
escapes_for_markup() {
	asked_on "$1" --subject "$odd_name"
	bubble "&lt;b&gt;Alice &amp; Co., R&amp;D &lt;i&gt;Office"
}

strips_nothing_without_markup() {
	MAKO_HAS="--markup 0"
	asked_on mako --subject "$odd_name"
	bubble "<b>Alice & Co., R&D <i>Office"
	choose renew "Renew now"
	dialog "Holder: <b>Alice & Co. Organisation: R&D <i>Office"
}

# A right-to-left override, and what would begin a line of its own.
cleans_names() {
	override=$(printf '\342\200\256')
	asked_on dunst --subject "/C=TW/O=Office/CN=Alice${override}nehC
Valid until: 2099"
	! last_bubble_says "$override" || complain "it is in the bubble"
	! last_bubble_says "\nValid until: 2099" || complain "a line of ours was forged"
	choose details Details
	dialog "Holder: Alice"
	! grep -F "$override" $DIALOGS || complain "it is in the window"
	! grep -F "%0AValid until: 2099" $DIALOGS || complain "a line of ours was forged"
}

# speaks LANGUAGE BUBBLE BUTTON DIALOG: and nothing in English is left.
speaks() {
	ALICE_HAS="LANG=$1"
	asked_on dunst
	bubble "$2"
	! last_bubble_says "Renew now" || complain "a button is in English"
	! last_bubble_says "Later" || complain "a button is in English"
	choose default "$3"
	dialog "$2"
	! dialog_text | grep -E 'Renew|Cancel|Later|Card' || complain "which is English"
	says_yes
	dialog "$4"
	types $PIN
	dialog
	types $PIN
	bubble " value=100 "
	renewed
}

# The language of a hostile name is English.
speaks_english() {
	ALICE_HAS="LANG=$1 LANGUAGE=$1"
	asked_on dunst
	bubble "Your card's certificates expire in 20 days"
}

for server in notification-daemon xfce4-notifyd mako; do
	promise "$server: a name is no markup" escapes_for_markup $server
done
# What getopt would have said is English.
refuses_an_option() {
	exits 1 env LANG=pt_PT.UTF-8 /usr/libexec/certrenew/certrenew-agent --nonsense
	printf '%s\n' "certrenew-agent: a opção não existe" "Experimente 'certrenew-agent --help'." \
		> /run/expected
	same /run/expected $out
}

promise "mako without markup: a name is shown as it is" strips_nothing_without_markup
promise "a name cannot turn the text around nor forge a line" cleans_names
promise "zh_TW: bubble, buttons and windows" \
	speaks zh_TW.UTF-8 "憑證" "立即更新" "請輸入卡片 (Alice) 的 PIN 碼，以便申請新憑證。"
promise "pt: bubble, buttons and windows" \
	speaks pt_PT.UTF-8 "certificados" "Renovar agora" \
	"Introduza o PIN do seu cartão (Alice), para pedir novos certificados."
promise "a LANG that points elsewhere is English" speaks_english ../../../tmp/evil
promise "an option that does not exist is refused in the person's language" refuses_an_option

stop_ra
promised
