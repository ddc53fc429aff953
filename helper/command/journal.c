/* SPDX-License-Identifier: MIT */
#include "helper/command/journal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper/command/exit.h"
#include "helper/common/paths.h"

bool journal_is_asked(int count, char *arguments[])
{
	return count > 1 && strcmp(arguments[1], "journal") == 0;
}

int journal(char *arguments[])
{
	execv(PATH_RECORDS, arguments);
	fprintf(stderr, "certrenew: %s: %s\n", PATH_RECORDS, strerror(errno));
	return EXIT_ERROR;
}
