/* SPDX-License-Identifier: MIT */
/* pcscd, through which the drivers of most cards reach the reader. */
#include <errno.h>
#include <string.h>

#include "helper/common/paths.h"
#include "helper/doctor/doctor.h"

/* pcsc-lite's own, the same in every distribution that has it under /run. */
#define PATH_PCSCD RUNSTATEDIR "/pcscd/pcscd.comm"

void doctor_reader(struct doctor *doctor)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;
	int why = as_account_connect(doctor, PATH_PCSCD);

	if (why == 0) {
		diagnosis_add(diagnosis, DIAGNOSIS_OK, "pcscd",
			      "It runs, and the user %s reaches it.", CERTRENEW_USER);
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
