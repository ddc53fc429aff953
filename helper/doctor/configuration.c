/* SPDX-License-Identifier: MIT */
/* The configuration: whether it is there, is right, may be read by whom it must, and names a CA. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "helper/common/paths.h"
#include "helper/doctor/doctor.h"

static void check_ca(struct doctor *doctor)
{
	if (doctor->config->ca_count > 0)
		return;
	diagnosis_add(&doctor->diagnosis, DIAGNOSIS_WRONG, "configuration",
		      "%s names no certification authority, so nothing can be renewed.",
		      PATH_CONFIG);
	diagnosis_mend(&doctor->diagnosis,
		       "Add a section [ca \"NAME\"] with url and trust; see certrenew.conf(5).");
}

void doctor_configuration(struct doctor *doctor)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;
	struct config_error error = {""};
	int why;

	if (config_load(PATH_CONFIG, false, &doctor->config, &error) < 0) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "configuration", "%s.", error.text);
		diagnosis_mend(diagnosis, "Correct the file, then try 'certrenew check-config'.");
		return;
	}
	why = as_account_access(doctor, PATH_CONFIG, R_OK);
	if (why != 0 && why != EAGAIN) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "configuration",
			      "The user %s may not read %s: %s.", CERTRENEW_USER, PATH_CONFIG,
			      strerror(why));
		diagnosis_mend(diagnosis, "Make it readable for all: 'chmod 644 %s'.", PATH_CONFIG);
		config_free(doctor->config);
		doctor->config = NULL;
		return;
	}
	check_ca(doctor);
	if (doctor->config->ca_count > 0)
		diagnosis_add(diagnosis, DIAGNOSIS_OK, "configuration",
			      "%s is in order; it names %zu certification %s.", PATH_CONFIG,
			      doctor->config->ca_count,
			      doctor->config->ca_count == 1 ? "authority" : "authorities");
}
