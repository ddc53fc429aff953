/* SPDX-License-Identifier: MIT */
/* PAM: the module is there, and each service where a person signs in has it in its place. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper/doctor/doctor.h"
#include "helper/doctor/pam_stack.h"

#define PATH_MODULE PAMDIR "/pam_certrenew.so"

static void list(char *names, size_t size, const char *name)
{
	size_t used = strlen(names);

	snprintf(names + used, size - used, "%s%s", used > 0 ? ", " : "", name);
}

/* Names of those that are wrong; `ended` with the module that is why. */
struct services {
	char without[256], before[256], no_account[256], ended[512];
	size_t count; /* that are there at all */
};

static void list_ended(struct services *services, const char *name, const char *ender)
{
	char both[256];

	snprintf(both, sizeof(both), "%s (%s)", name, ender);
	list(services->ended, sizeof(services->ended), both);
}

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
	else if (needs_account && stack.ender[0] != '\0')
		list_ended(services, name, stack.ender);
}

static void say_wrong_account(struct diagnosis *diagnosis, const struct services *services)
{
	if (services->no_account[0] != '\0') {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "pam services",
			      "[login] prompt = require, and the account stage of %s does not use "
			      "pam_certrenew.",
			      services->no_account);
		diagnosis_mend(diagnosis,
			       "Add it: 'pam-auth-update --enable certrenew-require', or by hand "
			       "as pam_certrenew(8) says.");
	}
	if (services->ended[0] != '\0') {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "pam services",
			      "[login] prompt = require, and in the account stage another module "
			      "comes before pam_certrenew and ends the stage for whom it lets "
			      "pass: %s.",
			      services->ended);
		diagnosis_mend(diagnosis,
			       "Move pam_certrenew's line of the account stage above that "
			       "module's; 'pam-auth-update --enable certrenew-require' puts it "
			       "there.");
	}
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
		diagnosis_mend(diagnosis, "Add it: 'pam-auth-update --enable certrenew', or by "
					  "hand as pam_certrenew(8) says.");
	}
	if (services->before[0] != '\0') {
		diagnosis_add(
		    diagnosis, DIAGNOSIS_WRONG, "pam services",
		    "In %s pam_certrenew stands before pam_systemd, which it must follow.",
		    services->before);
		diagnosis_mend(diagnosis,
			       "Move its line of the session stage below pam_systemd's.");
	}
	say_wrong_account(diagnosis, services);
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
	    services.no_account[0] == '\0' && services.ended[0] == '\0')
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
