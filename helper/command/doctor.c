/* SPDX-License-Identifier: MIT */
#include "helper/command/doctor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper/command/exit.h"
#include "helper/common/paths.h"

bool doctor_is_asked(int count, char *arguments[])
{
	return count > 1 && strcmp(arguments[1], "doctor") == 0;
}

int doctor(char *arguments[])
{
	execv(PATH_DOCTOR, arguments);
	fprintf(stderr, "certrenew: %s: %s\n", PATH_DOCTOR, strerror(errno));
	return EXIT_ERROR;
}
