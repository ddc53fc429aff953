# SPDX-License-Identifier: MIT
# The bubble with the question and the window for the PIN, in English and in Traditional Chinese, as
# build/screenshots/{bubble,pin}-{en,zh_TW}.png.
set -eu
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/world/desktop.sh

# crop NAME GEOMETRY: of what is on the screen, on blue instead of black.
crop() {
	in_session import -window root -crop "$2" png:- | convert png:- +repage -bordercolor black \
		-border 1 -fuzz 10% -fill '#336699' -draw 'color 0,0 floodfill' -shave 1x1 \
		-bordercolor '#336699' -border 12 "$PICTURES/$1.png"
}

# geometry WINDOW: as ImageMagick has it.
geometry() {
	in_session xdotool getwindowgeometry --shell "$1" > $DESK/place
	( . $DESK/place && echo "${WIDTH}x${HEIGHT}+$X+$Y" )
}

# frame WINDOW: what the window manager has put around it.
frame() {
	in_session xwininfo -tree -id "$1" | sed -n 's/.*Parent window id: \(0x[0-9a-f]*\).*/\1/p'
}

# take LANGUAGE NAME: a subshell, as Alice leaves at its end.
take() (
	ALICE_HAS="LANG=$1"
	prepare_cards
	new_card "Alice's card" --key ec:P-256
	configure
	desktop notification-daemon gtk-2
	autostart
	bubble "renew:"
	within 10 find_widget "push button"
	window=$(in_session xdotool search --onlyvisible --name '^Notification$' | tail -n 1)
	crop "bubble-$2" "$(geometry "$window")"
	click_widget "push button"
	dialog
	says_yes
	dialog
	crop "pin-$2" "$(geometry "$(frame "${dialog%% *}")")"
)

prepare_cards
start_ra
start_x
take en_US.UTF-8 en
take zh_TW.UTF-8 zh_TW
stop_ra
ls -l "$PICTURES"/bubble-*.png "$PICTURES"/pin-*.png
