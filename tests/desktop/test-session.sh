# SPDX-License-Identifier: MIT
# The desktop comes and goes around the agent: servers, the helper's socket, pinentries, other people,
# the session itself. With dunst and pinentry-gtk-2 where nothing else is said.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/world/desktop.sh

prepare_cards
start_ra
start_x

question="Your card's certificates expire in 20 days, on $(date -d '20 days' +%F)"
success="Your card's certificates are now valid until $(date -d '365 days' +%F)"

asked() {
	fresh_login "$@"
	desktop dunst gtk-2
	autostart
	bubble "$question"
}

click() { choose default "Renew now"; }

on_the_bus() { is_owned org.certrenew.Agent; }

# The agent waits for org.freedesktop.Notifications.
waits_for_server() {
	within 10 on_the_bus
	within 10 grep -q "arg0='org.freedesktop.Notifications'" $BUS_LOG
}

# --- notification servers ------------------------------------------------------------------------

# In life it is ten seconds and more; here it is two after the agent has begun to wait.
server_comes_late() {
	fresh_login
	desktop none gtk-2
	autostart
	waits_for_server
	within 10 log_says "due for alice"
	sleep 2
	SERVER=dunst
	start_server
	bubble "$question"
	click
	renews
	bubble "$success"
	renewed
}

restarts_server() {
	end server
	forget_bubbles
	start_server
}

server_restarts_at_question() {
	asked
	restarts_server
	bubble "$question"
	one_bubble
	click
	renews
	bubble "$success"
	renewed
}

# takes_away: the server is told to close the bubble, as no person would.
takes_away() {
	on_bus call org.freedesktop.Notifications /org/freedesktop/Notifications \
		org.freedesktop.Notifications CloseNotification u "$(its_id)"
	within 10 is_taken_away
}

# Neither a word of hers, nor the end of it.
server_takes_it_away() {
	asked
	takes_away
	settles
	says_not $AUTH_LOG "later for alice"
	forget_bubbles
	seat_of 5002 5001
	within 10 log_says "the seat is another's"
	seat_of 5001 5002
	bubble "$question"
	click
	renews
	bubble "$success"
	renewed
}

server_restarts_at_renewal() {
	asked
	click
	dialog
	says_yes
	dialog
	restarts_server
	bubble "Your card's certificates are being renewed"
	types $PIN
	dialog
	restarts_server
	bubble "Do not remove the card."
	types $PIN
	bubble "$success"
	one_bubble
	renewed
}

# ticks: the processor time that the agent has had.
ticks() { cut -d' ' -f14,15 "/proc/$(pid_of agent)/stat"; }

server_never_comes() {
	fresh_login
	desktop none gtk-2
	autostart
	waits_for_server
	within 10 log_says "due for alice"
	settles
	before=$(ticks)
	sleep 2
	[ "$(ticks)" = "$before" ] || complain "it was at work: $before, $(ticks)"
	runs agent
	end bus
	ends_with 0 agent
}

# One that the bus starts, and that ends when it has nothing to show: each time it is needed.
server_is_started_by_bus() {
	fresh_login --days 200
	install -d $DESK/services
	printf '[D-BUS Service]\nName=%s\nExec=%s\n' org.freedesktop.Notifications /usr/bin/dunst \
		> $DESK/services/server.service
	SERVICES=$DESK/services
	desktop none gtk-2
	autostart
	shows_nothing
	for _ in first second; do
		begin menu certrenew renew --desktop
		bubble "No certificate has to be renewed now"
		on_bus status org.freedesktop.Notifications | sed -n 's/^PID=//p' > $DESK/server.pid
		end server
		forget_bubbles
	done
}

# It has its name on the bus and does not answer.
server_hangs() {
	fresh_login
	desktop dunst gtk-2
	kill -STOP "$(pid_of server)"
	autostart
	within 10 log_says "due for alice"
	settles
	end bus
	ends_with 0 agent
}

# mako says by its configuration what it can do.
server_without_buttons() {
	fresh_login
	MAKO_HAS="--actions 0 --markup 0"
	desktop mako gtk-2
	autostart
	bubble "$question" " actions= " "run 'certrenew renew' in a terminal"
	begin menu certrenew renew --desktop
	renews
	bubble "$success"
	renewed
}

# --- pinentries ----------------------------------------------------------------------------------

no_pinentry() {
	fresh_login
	desktop dunst "$1"
	autostart
	bubble "$question"
	click
	bubble "Your card's certificates were not renewed" "Run 'certrenew renew' in a terminal."
	nothing_happened
	runs agent
}

# --- the helper's socket -------------------------------------------------------------------------

socket_comes_late() {
	fresh_login
	desktop dunst gtk-2
	stop_socket
	autostart
	within 10 log_says "its socket is waited for"
	no_bubble
	start_socket
	bubble "$question"
	click
	renews
	bubble "$success"
	renewed
}

socket_goes_and_comes() {
	asked
	stop_socket
	click
	bubble "Card certificates cannot be renewed on this computer yet"
	forget_bubbles
	start_socket
	bubble "$question"
	click
	renews
	bubble "$success"
	renewed
}

menu_without_socket() {
	fresh_login
	desktop dunst gtk-2
	stop_socket
	begin agent certrenew renew --desktop
	bubble "Card certificates cannot be renewed on this computer yet" "certrenew.socket"
}

# --- several people ------------------------------------------------------------------------------

# Alice's desktop is there, and bob sits in front of the computer.
is_in_the_background() {
	fresh_login
	desktop dunst gtk-2
	seat_of 5002 5001
	autostart
	waits_for_server
}

waits_for_her_turn() {
	is_in_the_background
	settles
	no_bubble
	says_not $AUTH_LOG "for alice"
	says_not $AUTH_LOG "alice:"
	seat_of 5001 5002
	bubble "$question"
	click
	renews
	bubble "$success"
	renewed
}

is_switched_away_from() {
	asked
	settles
	log_begin
	seat_of 5002 5001
	within 10 is_taken_away
	settles
	says_not $AUTH_LOG "for alice"
	says_not $AUTH_LOG "alice:"
	forget_bubbles
	seat_of 5001 5002
	bubble "$question"
	last_bubble_says " replaces=0 " || { bubbles; complain "its closing may close this one"; }
	settles
	[ "$(bubbles | grep -c '^notify')" = 1 ] || { bubbles; complain "the old one was shown first"; }
}

is_taken_away() { bubbles | tail -n 1 | grep -q '^closed'; }

# Bob shall not see Alice's window, nor type into it.
is_switched_away_from_window() {
	asked
	click
	dialog
	says_yes
	dialog
	seat_of 5002 5001
	within 10 no_dialog
	within 10 is_taken_away
	settles
	nothing_happened
	runs agent
}

# --- the session's end ---------------------------------------------------------------------------

second_agent_ends() {
	asked
	# shellcheck disable=SC2046
	begin second $(sed -n 's/^Exec=//p' $AUTOSTART)
	ends_with 0 second
	runs agent
	[ "$(bubbles | grep -c '^notify')" = 1 ] || complain "the second one has shown something"
}

ends_with_bus() {
	asked
	end bus
	ends_with 0 agent
}

# With a display of this promise's own.
ends_with_display() {
	fresh_login
	start_x own
	desktop none gtk-2
	autostart
	waits_for_server
	end own KILL
	ends_with 0 agent
}

ends_without_bus() {
	fresh_login
	desktop none gtk-2
	end bus
	# shellcheck disable=SC2046
	begin agent $(sed -n 's/^Exec=//p' $AUTOSTART)
	ends_with 1 agent
	says $DESK/agent.log "There is no desktop here"
}

# She logs out at the PIN: nothing is held, nothing has happened.
logs_out_at_window() {
	asked
	click
	dialog
	says_yes
	dialog
	end bus
	ends_with 0 agent
	within 10 no_dialog
	settled
	nothing_happened
}

# The writing goes on without her; it is said at her next login.
logs_out_at_writing() {
	fresh_login
	shim "C_CreateObject delay 1500"
	desktop dunst gtk-2
	autostart
	bubble "$question"
	click
	renews
	bubble "writing to the card"
	end bus
	ends_with 0 agent
	pgrep -x certrenew-renew > /dev/null || complain "the writing has ended before"
	settled
	renewed
	end server
	end bus-monitor
	start_bus
	start_server
	autostart
	bubble "$success"
	one_bubble
}

promise "a notification server that comes after the agent: the question is shown then" server_comes_late
promise "one that restarts at the question: it is shown again" server_restarts_at_question
promise "one that takes the question away: it is no answer, and it is asked again" server_takes_it_away
promise "one that restarts in the renewal: so are the steps" server_restarts_at_renewal
promise "one that never comes: the agent waits, does nothing, ends with the session" server_never_comes
promise "one that ends when it is not needed: the bus starts it again" server_is_started_by_bus
promise "one that hangs: the agent ends with the session" server_hangs
promise "one without buttons and markup: the bubble says what to do" server_without_buttons
promise "no pinentry: the bubble says what to do in a terminal" no_pinentry none
promise "a pinentry for terminals alone: likewise" no_pinentry curses
promise "the helper's socket comes late: the question is shown then" socket_comes_late
promise "the helper's socket goes and comes again: so does the question" socket_goes_and_comes
promise "the menu without the helper's socket says what to start" menu_without_socket
promise "two people at one seat: who is not in front is shown nothing, the card is left alone" \
	waits_for_her_turn
promise "a question is taken away when another person comes to the front" is_switched_away_from
promise "so is a window" is_switched_away_from_window
promise "a second agent ends at once" second_agent_ends
promise "the agent ends with the session's bus" ends_with_bus
promise "and with the display" ends_with_display
promise "without a bus it does not begin" ends_without_bus
promise "a logout at the PIN: nothing has happened" logs_out_at_window
promise "a logout in the middle of writing: it is finished, and said at the next login" \
	logs_out_at_writing

stop_ra
promised
