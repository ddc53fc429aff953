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
	static const char *const always[] = {"search", "revoke", "set-phrase"};
	bool status = false, online = false;

	for (size_t i = 0; count > 1 && i < sizeof(always) / sizeof(always[0]); i++)
		if (strcmp(arguments[1], always[i]) == 0)
			return true;
	for (int i = 1; i < count; i++) {
		status = status || strcmp(arguments[i], "status") == 0;
		online = online || strcmp(arguments[i], "--online") == 0;
	}
	return status && online;
}

int lookup(char *arguments[])
{
	execv(PATH_LOOKUP, arguments);
	fprintf(stderr, "certrenew: %s: %s\n", PATH_LOOKUP, strerror(errno));
	return EXIT_ERROR;
}
