# SPDX-License-Identifier: MIT
# From the login to the renewed card with each notification server and each pinentry, by clicks and
# keys. The screenshots are in build/screenshots.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/world/desktop.sh

prepare_cards
start_ra
start_x

expires=$(date -d '20 days' +%F)
lasts_until=$(date -d '365 days' +%F)

# renews_on SERVER PINENTRY
renews_on() {
	fresh_login
	signs_in
	desktop "$1" "$2"
	autostart
	bubble "Your card's certificates expire in 20 days, on $expires" \
		"Alice Chen, Example Government" "renew:Renew now|"
	picture "$1-bubble"
	choose renew "Renew now"
	dialog
	picture "$1-question"
	says_yes
	dialog
	picture "$1-pin"
	types $PIN
	dialog
	types $PIN
	bubble "Your card's certificates are now valid until $lasts_until"
	picture "$1-renewed"
	renewed
	one_bubble
}

# Not among what `make deps` installs.
renews_on_gnome() {
	command -v gnome-shell > /dev/null || { echo "gnome-shell is not installed"; exit 77; }
	SERVICES=/usr/share/dbus-1/services
	renews_on gnome-shell gnome3
}

# Its dialog is drawn by a prompter that the bus starts.
renews_with_prompter() {
	SERVICES=/usr/share/dbus-1/services
	renews_on notification-daemon gnome3
}

promise "dunst, pinentry-gtk-2: from the login to the renewed card" renews_on dunst gtk-2
promise "xfce4-notifyd, pinentry-qt: likewise" renews_on xfce4-notifyd qt
promise "notification-daemon, pinentry-gnome3: likewise" renews_with_prompter
promise "mako in sway, pinentry-gtk-2: likewise" renews_on mako gtk-2
promise "gnome-shell, pinentry-gnome3: likewise" renews_on_gnome

stop_ra
promised
