/* SPDX-License-Identifier: MIT */
/* PAM: the module is there, and each service where a person signs in has it in its place. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper/doctor/doctor.h"
#include "helper/doctor/pam_stack.h"

#define PATH_MODULE PAMDIR "/pam_certrenew.so"

static const char enable[] = "Add it: 'pam-auth-update --enable certrenew', or by hand as "
			     "pam_certrenew(8) says.";

static void list(char *names, size_t size, const char *name)
{
	size_t used = strlen(names);

	snprintf(names + used, size - used, "%s%s", used > 0 ? ", " : "", name);
}

struct services {
	char without[256], before[256], no_account[256]; /* names of those that are wrong */
	size_t count;					 /* that are there at all */
};

static void look_at(struct services *services, const char *name, bool needs_account)
{
	struct pam_stack stack;

	if (pam_stack_read(name, &stack) < 0)
		return;
	services->count++;
	if (stack.certrenew == 0)
		list(services->without, sizeof(services->without), name);
	else if (stack.certrenew < stack.systemd)
		list(services->before, sizeof(services->before), name);
	else if (needs_account && !stack.account)
		list(services->no_account, sizeof(services->no_account), name);
}

static void say_wrong(struct doctor *doctor, const struct services *services)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;

	if (services->count == 0) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "pam services",
			      "None of the services in [login] services is in %s.",
			      PAM_STACK_FOLDER);
		diagnosis_mend(diagnosis, "Name there the service by which people sign in here.");
	}
	if (services->without[0] != '\0') {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "pam services",
			      "Logins by %s do not use pam_certrenew.", services->without);
		diagnosis_mend(diagnosis, "%s", enable);
	}
	if (services->before[0] != '\0') {
		diagnosis_add(
		    diagnosis, DIAGNOSIS_WRONG, "pam services",
		    "In %s pam_certrenew stands before pam_systemd, which it must follow.",
		    services->before);
		diagnosis_mend(diagnosis,
			       "Move its line of the session stage below pam_systemd's.");
	}
	if (services->no_account[0] != '\0') {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "pam services",
			      "[login] prompt = require, and the account stage of %s does not use "
			      "pam_certrenew.",
			      services->no_account);
		diagnosis_mend(diagnosis, "%s", enable);
	}
}

static void check_services(struct doctor *doctor)
{
	const char *const *names = (const char *const *)doctor->config->services;
	struct services services = {.count = 0};

	if (names[0] == NULL)
		names = config_default_services;
	for (; *names != NULL; names++)
		look_at(&services, *names, doctor->config->prompt == PROMPT_REQUIRE);
	if (services.count > 0 && services.without[0] == '\0' && services.before[0] == '\0' &&
	    services.no_account[0] == '\0')
		diagnosis_add(&doctor->diagnosis, DIAGNOSIS_OK, "pam services",
			      "Each service of [login] services that is here (%zu) uses "
			      "pam_certrenew.",
			      services.count);
	else
		say_wrong(doctor, &services);
}

void doctor_login(struct doctor *doctor)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;

	if (doctor->config != NULL && doctor->config->prompt == PROMPT_OFF) {
		diagnosis_add(diagnosis, DIAGNOSIS_UNCHECKED, "pam module",
			      "[login] prompt = off: logins need it not.");
		return;
	}
	if (access(PATH_MODULE, R_OK) < 0) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "pam module", "There is no %s.",
			      PATH_MODULE);
		diagnosis_mend(diagnosis, "Install libpam-certrenew.");
	} else {
		diagnosis_add(diagnosis, DIAGNOSIS_OK, "pam module", "It is in its place, %s.",
			      PATH_MODULE);
	}
	if (doctor->config != NULL)
		check_services(doctor);
}
