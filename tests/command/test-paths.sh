# SPDX-License-Identifier: MIT
# What `make install` puts into files, so that they and the programs name the same places.
. tests/harness.sh

installs_elsewhere() {
	make --no-print-directory install BUILD="$CERTRENEW_BUILD" DESTDIR=/run/elsewhere LOCALSTATEDIR=/srv/state \
		RUNSTATEDIR=/srv/run LIBEXECDIR=/opt/certrenew > /run/install.log 2>&1 || { cat /run/install.log; return 1; }
	set -- /run/elsewhere/usr/lib/systemd/system/certrenew.socket \
		/run/elsewhere/usr/lib/systemd/system/certrenew@.service \
		/run/elsewhere/usr/lib/tmpfiles.d/certrenew.conf /run/elsewhere/usr/lib/sysusers.d/certrenew.conf
	cat "$@" > /run/installed
	says /run/installed "ListenStream=/srv/run/certrenew/socket"
	says /run/installed "d /srv/state/lib/certrenew/journal 0700 _certrenew _certrenew"
	says /run/installed "/srv/state/lib/certrenew/home"
	says /run/installed "ExecStart=/opt/certrenew/certrenew-helper"
	! grep -E '(^|[ =])/(run|var|usr)/|@[A-Z]+@' /run/installed || complain "a place is another's"
}

promise "make install: socket, unit, folders and user are where the variables say" installs_elsewhere
promised
