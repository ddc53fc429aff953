/* SPDX-License-Identifier: MIT */
/* pcscd, through which the drivers of most cards reach the reader. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "helper/common/paths.h"
#include "helper/doctor/doctor.h"
#include "helper/doctor/polkit.h"

/* pcsc-lite's own, the same in every distribution that has it under /run. */
#define PATH_PCSCD RUNSTATEDIR "/pcscd/pcscd.comm"

/* Only a pcscd that asks polkit brings these along. */
#define PATH_ACTIONS "/usr/share/polkit-1/actions/org.debian.pcsc-lite.policy"
static const char *const actions[2] = {"org.debian.pcsc-lite.access_pcsc",
				       "org.debian.pcsc-lite.access_card"};

/* It accepts everybody, and then asks polkit, where it was built so: whom polkit refuses sees no
 * reader. */
static void say_reached(struct doctor *doctor)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;
	bool asks = !doctor->card_found && access(PATH_ACTIONS, F_OK) == 0;
	enum polkit_answer answer = POLKIT_YES;
	const char *action = NULL;

	for (size_t i = 0; asks && answer == POLKIT_YES && i < 2; i++) {
		action = actions[i];
		answer = polkit_ask(doctor, action);
	}
	if (answer == POLKIT_YES) {
		diagnosis_add(diagnosis, DIAGNOSIS_OK, "pcscd",
			      "It runs, and the user %s reaches it.", CERTRENEW_USER);
		return;
	}
	if (answer == POLKIT_NO) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "pcscd",
			      "It runs, and polkit does not let the user %s use it (%s).",
			      CERTRENEW_USER, action);
		diagnosis_mend(
		    diagnosis,
		    "certrenew's own rule permits it, polkit-1/rules.d/certrenew.rules: "
		    "install certrenew again if it is missing, and let no rule in " SYSCONFDIR
		    "/polkit-1/rules.d come before it that says otherwise; "
		    "'journalctl -u pcscd' says 'NOT authorized' until then.");
		return;
	}
	diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "pcscd",
		      "It runs, and polkit, which it asks who may use it, does not answer.");
	diagnosis_mend(diagnosis,
		       "Start polkit ('systemctl start polkit') and try again; "
		       "'journalctl -u pcscd' says 'NOT authorized' of whom it refuses.");
}

void doctor_reader(struct doctor *doctor)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;
	int why = as_account_connect(doctor, PATH_PCSCD);

	if (why == 0) {
		say_reached(doctor);
	} else if (why == EAGAIN && doctor->is_root) {
		diagnosis_add(diagnosis, DIAGNOSIS_UNCHECKED, "pcscd",
			      "It cannot be tried before the things above are in order.");
	} else if (why == EAGAIN) {
		diagnosis_add(diagnosis, DIAGNOSIS_UNCHECKED, "pcscd",
			      "Only root can try whether the user %s reaches it.", CERTRENEW_USER);
	} else if (doctor->card_found) {
		diagnosis_add(diagnosis, DIAGNOSIS_OK, "pcscd",
			      "This card's driver does without it.");
	} else if (why == EACCES || why == EPERM) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "pcscd",
			      "It runs, and the user %s may not use it: %s: %s.", CERTRENEW_USER,
			      PATH_PCSCD, strerror(why));
		diagnosis_mend(diagnosis, "Open its socket to all (pcscd.socket: SocketMode=0666), "
					  "and start it anew.");
	} else {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "pcscd",
			      "It does not run, and most cards need it: %s: %s.", PATH_PCSCD,
			      strerror(why));
		diagnosis_mend(diagnosis, "Install pcscd, and start it: 'systemctl enable --now "
					  "pcscd.socket'.");
	}
}
