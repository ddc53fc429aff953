# SPDX-License-Identifier: MIT
# Sourced in the world, after pam.sh: a desktop session of Alice's, with test-ask as its agent.

calls=/var/log/shim/calls
ask=/usr/lib/certrenew-tests/test-ask
later=/var/lib/certrenew/later/5001
untold=/var/lib/certrenew/untold/5001
DAY=86400

# at_desktop [OPTION...]: Alice has the seat and a card, its driver notes each call.
at_desktop() {
	fresh_login "$@"
	watch_driver
	seat_of 5001
	start_socket
	trap stop_socket EXIT
}

watch_driver() {
	install -d -o _certrenew /var/log/shim
	rm -f $calls
	shim "log $calls" "$@"
}

# asks WORD...: Alice's agent; what comes back is in $out.
asks() { as_user alice timeout 60 $ask "$@" > $out 2>&1 || { cat $out; return 1; }; }

comes_not() { ! grep "^$1 " $out || complain "which nobody wants to hear"; }

# listed EXPRESSION: how many certificates were listed of which it holds.
listed() { grep -c "^certificate .* $1" $out || :; }

driver_was_loaded() { [ -s $calls ]; }
driver_was_not_loaded() { ! driver_was_loaded || complain "the driver was loaded"; }

ends_of_alice() { card_list Alice | sed -n 's/^certificate .*not-after=\([0-9]*\).*/\1/p' | sort -n | head -n 1; }

# A graphical login, whose check ends before the next line.
signs_in_at_desktop() {
	service gdm-password
	sign_in gdm-password alice -Itty=:0 < /dev/null
	# The socket's helper may not have begun when the login is over.
	within 10 test -s $FOUND
	settled
}

serial_of_alice() { card_list Alice | sed -n 's/^token .*serial=//p'; }
