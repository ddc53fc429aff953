/* SPDX-License-Identifier: MIT */
#include "helper/command/lookup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper/command/exit.h"
#include "helper/common/paths.h"

bool lookup_is_asked(int count, char *arguments[])
{
	bool status = false, online = false;

	for (int i = 1; i < count; i++) {
		status = status || strcmp(arguments[i], "status") == 0;
		online = online || strcmp(arguments[i], "--online") == 0;
	}
	return (count > 1 && strcmp(arguments[1], "search") == 0) || (status && online);
}

int lookup(char *arguments[])
{
	execv(PATH_LOOKUP, arguments);
	fprintf(stderr, "certrenew: %s: %s\n", PATH_LOOKUP, strerror(errno));
	return EXIT_ERROR;
}
