/* SPDX-License-Identifier: MIT */
/* The socket on which ordinary users and desktops reach the helper. */
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper/common/paths.h"
#include "helper/doctor/doctor.h"

/* Of a Unix socket that listens (linux/net.h's __SO_ACCEPTCON), in /proc/net/unix. */
static const unsigned long accepts_connections = 1UL << 16;

/* Without connecting: that would start a helper, whose log would tell of a peer that said nothing.
 */
static bool is_listening(void)
{
	FILE *sockets = fopen("/proc/net/unix", "re");
	char line[512], path[256];
	bool listening = false;
	unsigned long flags;

	while (sockets != NULL && !listening && fgets(line, sizeof(line), sockets) != NULL)
		listening = sscanf(line, "%*s %*s %*s %lx %*s %*s %*s %255s", &flags, path) == 2 &&
			    (flags & accepts_connections) != 0 && strcmp(path, PATH_SOCKET) == 0;
	if (sockets != NULL)
		fclose(sockets);
	return listening;
}

/* sd_booted(3), and what `systemctl enable` leaves. */
static bool is_lost_at_boot(void)
{
	return access(RUNSTATEDIR "/systemd/system", F_OK) == 0 &&
	       faccessat(AT_FDCWD,
			 SYSCONFDIR "/systemd/system/sockets.target.wants/certrenew.socket", F_OK,
			 AT_SYMLINK_NOFOLLOW) < 0;
}

/* Of a group only whether it is there: a directory may know its members one by one, and list none.
 */
static void check_access(struct doctor *doctor)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;
	const char *allow = doctor->config->allow;

	if (strncmp(allow, "group:", 6) == 0 && getgrnam(allow + 6) == NULL) {
		diagnosis_add(
		    diagnosis, DIAGNOSIS_WRONG, "access",
		    "[access] allow = %s, and there is no such group: nobody but root can "
		    "renew.",
		    allow);
		diagnosis_mend(diagnosis, "Name the group of those who may use the card here.");
	} else if (strcmp(allow, "seat") == 0 && access(RUNSTATEDIR "/systemd/seats", F_OK) < 0) {
		diagnosis_add(
		    diagnosis, DIAGNOSIS_WRONG, "access",
		    "[access] allow = seat, and no systemd-logind runs that would say who "
		    "sits here: nobody but root can renew.");
		diagnosis_mend(diagnosis, "Start systemd-logind, or let [access] allow name a "
					  "group (group:NAME) or 'all'.");
	} else {
		diagnosis_add(diagnosis, DIAGNOSIS_OK, "access",
			      "Who may renew here, besides root: [access] allow = %s.", allow);
	}
}

void doctor_socket(struct doctor *doctor)
{
	static const char mend[] = "Start it, for each boot: 'systemctl enable --now "
				   "certrenew.socket'.";
	struct diagnosis *diagnosis = &doctor->diagnosis;
	bool listening = is_listening();

	doctor->socket_open = listening && access(PATH_SOCKET, W_OK) == 0;
	if (!listening) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "socket",
			      "Nobody listens on %s: desktops and ordinary users cannot renew.",
			      PATH_SOCKET);
		diagnosis_mend(diagnosis, "%s", mend);
	} else if (!doctor->socket_open) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "socket", "%s may not be used: %m.",
			      PATH_SOCKET);
		diagnosis_mend(diagnosis, "Start it anew: 'systemctl restart certrenew.socket'.");
	} else if (is_lost_at_boot()) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "socket",
			      "It listens now, and will not after the next boot.");
		diagnosis_mend(diagnosis, "%s", mend);
	} else {
		diagnosis_add(diagnosis, DIAGNOSIS_OK, "socket", "The helper listens on %s.",
			      PATH_SOCKET);
	}
	if (doctor->config != NULL)
		check_access(doctor);
}
