/* SPDX-License-Identifier: MIT */
#include "helper/lookup/settings.h"

#include <stdio.h>

#include "helper/command/exit.h"
#include "helper/common/log.h"
#include "helper/common/paths.h"

int settings_load(struct config **ret)
{
	struct config_error error = {""};

	if (config_load(PATH_CONFIG, true, ret, &error) < 0) {
		fprintf(stderr, "%s\n", error.text);
		return EXIT_ERROR;
	}
	log_name_people((*ret)->log_subject);
	return EXIT_FINE;
}
