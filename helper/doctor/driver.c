/* SPDX-License-Identifier: MIT */
/* A driver that does not do its work: what can be said of it without loading it. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "helper/common/paths.h"
#include "helper/doctor/doctor.h"
#include "helper/doctor/drivers.h"

#define SEE_THE_LOG "the log says ('journalctl -t certrenew-helper -t certrenew-check')"

static void say_missing(struct doctor *doctor, const char *path)
{
	const char *module = doctor->config->module;

	diagnosis_add(&doctor->diagnosis, DIAGNOSIS_WRONG, "driver",
		      "There is no driver %s ([card] module = %s)%s.", path, module,
		      strchr(module, '/') != NULL ? "" : ", and no library of that name");
	diagnosis_mend(&doctor->diagnosis,
		       "Install the card's driver, or name the right one in %s.", PATH_CONFIG);
}

/* It does not load, or C_Initialize fails. */
static void say_not_started(struct doctor *doctor)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;
	char path[DRIVERS_PATH_MAX];
	int why;

	if (!drivers_find(doctor->config->module, path)) {
		say_missing(doctor, path);
		return;
	}
	why = as_account_access(doctor, path, R_OK);
	if (why != 0 && why != EAGAIN) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "driver",
			      "The user %s may not read the driver %s: %s.", CERTRENEW_USER, path,
			      strerror(why));
		diagnosis_mend(diagnosis, "Make it, and the folders above it, readable for all.");
		return;
	}
	diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "driver",
		      "The driver %s is there, and does not load or start.", path);
	diagnosis_mend(diagnosis,
		       "Why, " SEE_THE_LOG
		       "; it may be no PKCS#11 driver, or need [card] init_args "
		       "(NSS does), environment, or files that only sandbox_read and sandbox_write "
		       "let it open.");
}

static void say_forbidden(struct doctor *doctor)
{
	diagnosis_add(
	    &doctor->diagnosis, DIAGNOSIS_WRONG, "driver",
	    "The driver %s makes a system call that [card] sandbox forbids, and is ended.",
	    doctor->config->module);
	diagnosis_mend(
	    &doctor->diagnosis,
	    "Which one, " SEE_THE_LOG ". Spare the driver what it wants that for, as by "
	    "environment (TPM2_PKCS11_TCTI=... for tpm2-pkcs11), or permit the call with "
	    "sandbox_calls; see certrenew.conf(5), also for those behind p11-kit-proxy.");
}

static void say_no_sandbox(struct doctor *doctor)
{
	diagnosis_add(&doctor->diagnosis, DIAGNOSIS_WRONG, "driver",
		      "The driver %s is not used: the sandbox that [card] sandbox asks for is not "
		      "to be had on this machine.",
		      doctor->config->module);
	diagnosis_mend(&doctor->diagnosis,
		       "What is missing, " SEE_THE_LOG ": boot a kernel (5.13 or newer) that has "
		       "seccomp, and Landlock among its 'lsm='; or trust the driver without: "
		       "'sandbox = off'.");
}

void driver_blame(struct doctor *doctor, enum failure_code code)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;
	const char *module = doctor->config->module;

	switch (code) {
	case FAILURE_DRIVER:
		say_not_started(doctor);
		return;
	case FAILURE_SANDBOX:
		say_forbidden(doctor);
		return;
	case FAILURE_NO_SANDBOX:
		say_no_sandbox(doctor);
		return;
	case FAILURE_TIMEOUT:
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "driver",
			      "The driver %s does not answer within [card] timeout.", module);
		diagnosis_mend(diagnosis,
			       "Insert the card anew, start pcscd anew, and update the driver.");
		return;
	case FAILURE_CRASHED:
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "driver", "The driver %s crashes.",
			      module);
		break;
	default:
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "driver",
			      "The card cannot be read with the driver %s (%s).", module,
			      failure_name(code));
	}
	diagnosis_mend(diagnosis, "More, " SEE_THE_LOG "; update the driver.");
}
