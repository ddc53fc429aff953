# SPDX-License-Identifier: MIT
# What a person does with the bubble and the windows, and what comes of it; with dunst and
# pinentry-gtk-2.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/world/desktop.sh

prepare_cards
start_ra
start_x

WRONG=999999
question="Your card's certificates expire in 20 days, on $(date -d '20 days' +%F)"
success="Your card's certificates are now valid until $(date -d '365 days' +%F)"

# asked [CARD OPTION...]: Alice's desktop has started, and the question is in front of her.
asked() {
	fresh_login "$@"
	desktop dunst gtk-2
	autostart
	bubble "Your card's certificates expire in "
}

# asked_with RULE...: likewise, and the card's driver notes each call.
asked_with() {
	fresh_login
	install -d -o _certrenew /var/log/shim
	rm -f /var/log/shim/calls
	shim "log /var/log/shim/calls" "$@"
	desktop dunst gtk-2
	autostart
	bubble "$question"
}

# Each C_Login's answer: "0xa0 0x0".
logins() { sed -n 's/.* C_Login .* → //p' /var/log/shim/calls | xargs; }
logs_in() { [ "$(logins)" = "$1" ] || complain "C_Login answered $(logins), not $1"; }

click() { choose default "Renew now"; }

# --- the renewal ---------------------------------------------------------------------------------

renews_here() {
	asked
	click
	dialog "Holder: Alice Chen Organisation: Example Government Card: Alice Valid until: "
	says_yes
	dialog "Enter your card's PIN (Alice) to ask for new certificates."
	types $PIN
	dialog "Enter your card's PIN (Alice) once more, to write the new certificates to the card."
	once_bubble "Do not remove the card."
	types $PIN
	bubble "$success"
	last_bubble_says " value=100 "
	one_bubble
	renewed
}

renews_from_menu() {
	asked
	choose renew "Renew now"
	renews
	bubble "$success"
	renewed
}

# The PIN is nowhere but in the window and on its way to the card.
keeps_the_pin_to_itself() {
	asked
	click
	dialog
	says_yes
	dialog
	types $PIN
	dialog
	agent=$(pid_of agent)
	! tr '\0' '\n' < "/proc/$agent/environ" | grep $PIN || complain "it is in the environment"
	! grep -a $PIN /proc/[0-9]*/cmdline || complain "it is in a command line"
	! as_user alice cat "/proc/$agent/mem" > /dev/null || complain "its memory is open"
	types $PIN
	bubble "$success"
	! grep -r $PIN $DESK /var/log/auth.log || complain "it was written down"
}

# --- declined ------------------------------------------------------------------------------------

cancels_first() {
	asked
	click
	dialog
	cancels
	within 10 log_says "answered later"
	within 5 no_dialog
	not_asked_again
}

cancels_pin() {
	asked
	click
	dialog
	says_yes
	dialog
	cancels
	bubble "Your card's certificates were not renewed" "The renewal was cancelled" \
		"Choose 'Renew card certificate' in the menu when you are ready."
	! last_bubble_says "certrenew renew" || complain "the bubble names a command"
	nothing_happened
}

# What was issued waits for the next time, and is not asked for again.
cancels_second_pin() {
	asked
	click
	dialog
	says_yes
	dialog
	types $PIN
	dialog
	cancels
	bubble "Your card's certificates were not renewed" "The renewal was cancelled"
	untouched
	[ "$(issued)" = 2 ] || complain "issued: $(issued)"
	end agent
	autostart
	bubble "The renewal of your card's certificates is not finished"
	click
	dialog
	says_yes
	dialog "Enter your card's PIN (Alice) to write the new certificates to the card."
	types $PIN
	bubble "$success"
	renewed
}

# --- put off -------------------------------------------------------------------------------------

# not_asked_again: at the next start of the desktop nothing is shown.
not_asked_again() {
	settles
	end agent
	log_begin
	forget_bubbles
	autostart
	shows_nothing
	nothing_happened
}

closes_bubble() {
	asked
	within 5 dunst_shows
	in_session dunstctl close
	within 10 log_says "later for alice"
	not_asked_again
}

says_later() {
	asked
	choose later "Later"
	within 10 log_says "later for alice"
	not_asked_again
}

# It was put off a day ago, as far as the record says: before the reminder of 14 days.
is_asked_at_next_reminder() {
	asked --not-after $(($(date +%s) + 13 * 86400 + 3600))
	choose later "Later"
	within 10 log_says "later for alice"
	settles
	end agent
	forget_bubbles
	put_off_ago 86400
	autostart
	bubble "Your card's certificates expire in 13 days"
}

# --- mistakes ------------------------------------------------------------------------------------

mistypes() {
	asked_with
	click
	dialog
	says_yes
	dialog "Enter your card's PIN (Alice) to ask for new certificates."
	types $WRONG
	dialog "That PIN was wrong"
	types $PIN
	dialog "once more, to write"
	types $PIN
	bubble "$success"
	logs_in "0xa0 0x0 0x0"
	renewed
}

# Who takes the last try is asked whether that is what she wants.
is_warned_of_last_try() {
	asked_with "flags +FINAL_TRY"
	click
	dialog
	says_yes
	dialog "Only one try is left"
	cancels
	bubble "Your card's certificates were not renewed"
	logs_in ""
	nothing_happened
}

walks_away() {
	fresh_login
	configure '/timeout = 5s/a question_timeout = 10s'
	desktop dunst gtk-2
	autostart
	bubble "$question"
	click
	dialog
	says_yes
	dialog
	bubble "Your card's certificates were not renewed"
	within 10 no_dialog
	nothing_happened
	runs agent
}

# --- other cards, other CAs ----------------------------------------------------------------------

types_at_keypad() {
	asked_with "flags +PROTECTED_AUTHENTICATION_PATH" "keypad-pin $PIN" "C_Login delay 1000"
	click
	dialog
	says_yes
	bubble "$success"
	once_bubble "on the card reader's keypad"
	! grep -q '^GETPIN' $DIALOGS || complain "the PIN was asked for in a window"
	logs_in "0x0 0x0"
	renewed
}

comes_back_later() {
	start_ra_of_promise --pending 7200
	fresh_login
	desktop dunst gtk-2
	autostart
	bubble "$question"
	click
	dialog
	says_yes
	dialog
	types $PIN
	bubble "Your card's new certificates are not ready yet" \
		"Choose 'Renew card certificate' in the menu then"
	untouched
}

is_refused() {
	start_ra_of_promise --misbehave http-403
	fresh_login
	desktop dunst gtk-2
	autostart
	bubble "$question"
	click
	dialog
	says_yes
	dialog
	types $PIN
	bubble "Your card's certificates were not renewed" "The certification authority"
	untouched
}

shows_details() {
	asked
	choose details "Details"
	dialog "Holder: Alice Chen"
	dialog_text | grep -q "Encryption certificate: valid from" || { dialog_text; return 1; }
	press Return
	bubble "$question" "renew:Renew now|"
	nothing_happened
}

is_critical() {
	asked --days 2
	last_bubble_says " urgency=2 " || { bubbles; return 1; }
}

# reader_answers RULE: when it is waited for a card. It is empty while /run/inserted is not there.
reader_answers() {
	shim "log /var/log/shim/calls" "inserted /run/inserted" "C_WaitForSlotEvent#2+ $1"
}

# with_empty_reader RULE: likewise, and nobody has asked it yet.
with_empty_reader() {
	fresh_login
	rm -f /run/inserted /run/event /var/log/shim/calls
	install -d -o _certrenew /var/log/shim
	reader_answers "$1"
	desktop dunst gtk-2
	autostart
}

# Its event is that /run/event comes.
waits_for_inserted_card() {
	with_empty_reader "wait /run/event"
	within 10 waits_for_card
	no_bubble
}

inserts_card() {
	: > /run/inserted
	: > /run/event
	bubble "$question"
}

notices_inserted_card() {
	waits_for_inserted_card
	inserts_card
	[ "$(bubbles | grep -c '^notify')" = 1 ] || { bubbles; complain "asked more than once"; }
	click
	renews
	bubble "$success"
	renewed
}

# Its watch is ended, as it is when the machine is short of memory or the driver crashes.
notices_it_after_a_failure() {
	waits_for_inserted_card
	watch=$(pgrep -x certrenew-check)
	# What the first one asked the reader must not be taken for what the next one does.
	rm /var/log/shim/calls
	kill -KILL "$watch"
	within 20 another_watch
	within 10 waits_for_card
	inserts_card
}

# pcscd was restarted, a reader was unplugged: the driver is asked again, a little later.
notices_it_after_the_reader_failed() {
	with_empty_reader "error CKR_DEVICE_ERROR"
	within 10 log_says "C_WaitForSlotEvent: "
	reader_answers "wait /run/event"
	rm /var/log/shim/calls
	within 30 waits_for_card
	inserts_card
}

another_watch() {
	now=$(pgrep -x certrenew-check) && [ "$now" != "$watch" ]
}

# It was asked without waiting, and has been looked at once: now it waits.
waits_for_card() {
	grep -qs C_WaitForSlotEvent /var/log/shim/calls &&
		tail -n 1 /var/log/shim/calls | grep -qE 'C_GetSlotList|C_GetTokenInfo'
}

# --- the second way in ---------------------------------------------------------------------------

menu_asks_running_agent() {
	asked
	choose later "Later"
	within 10 log_says "later for alice"
	begin menu certrenew renew --desktop
	renews
	bubble "$success"
	renewed
	ends_with 0 menu
}

menu_starts_agent() {
	fresh_login
	desktop dunst gtk-2
	begin agent certrenew renew --desktop
	renews
	bubble "$success"
	renewed
}

menu_where_nothing_is_said() {
	fresh_login
	sed -i 's/^\[login\]/&\nprompt = off/' /etc/certrenew.conf
	desktop dunst gtk-2
	autostart
	within 10 is_owned org.certrenew.Agent
	begin menu certrenew renew --desktop
	renews
	bubble "$success"
	renewed
}

menu_without_server() {
	fresh_login
	desktop none gtk-2
	begin agent certrenew renew --desktop
	renews
	settles
	renewed
}

menu_names_the_day() {
	fresh_login --days 200
	desktop dunst gtk-2
	autostart
	shows_nothing
	begin menu certrenew renew --desktop
	bubble "No certificate has to be renewed now" \
		"That is possible from $(date -d '170 days' +%F) on."
	nothing_happened
}

menu_needs_a_card() {
	fresh_login
	shim "C_GetTokenInfo error CKR_TOKEN_NOT_PRESENT"
	desktop dunst gtk-2
	begin agent certrenew renew --desktop
	bubble "There is no card in the reader"
}

promise "click, yes, the PIN twice: both certificates are renewed, in one bubble" renews_here
promise "so it is with the button" renews_from_menu
promise "the PIN is in no environment, no command line, no log" keeps_the_pin_to_itself
promise "Cancel before the PIN: nothing has happened, and it is put off" cancels_first
promise "Cancel at the PIN: nothing has happened, and the bubble says so" cancels_pin
promise "Cancel at the second PIN: the next time goes on there" cancels_second_pin
promise "a bubble that is closed is not shown at the next login" closes_bubble
promise "Later: likewise" says_later
promise "and it is when the next reminder's day has come" is_asked_at_next_reminder
promise "a wrong PIN is asked for again with a note, and given to the card once" mistypes
promise "the last try is not used without a word" is_warned_of_last_try
promise "a person who walks away: the window closes, nothing has happened" walks_away
promise "a reader's keypad: no window asks for the PIN" types_at_keypad
promise "a CA that needs time: the bubble says so" comes_back_later
promise "a CA that refuses: likewise" is_refused
promise "a card that is inserted after the login is asked about, once" notices_inserted_card
promise "also after a watch that failed" notices_it_after_a_failure
promise "also after the reader failed" notices_it_after_the_reader_failed
promise "Details: whose certificates, until when; then the question again" shows_details
promise "in the last days the bubble is critical" is_critical
promise "the menu asks the agent that runs" menu_asks_running_agent
promise "or starts one" menu_starts_agent
promise "also with prompt = off, where nothing is said unasked" menu_where_nothing_is_said
promise "also where no notification is ever shown" menu_without_server
promise "nothing due: nothing is shown, and the menu names the day" menu_names_the_day
promise "the menu without a card in the reader" menu_needs_a_card

stop_ra
promised
