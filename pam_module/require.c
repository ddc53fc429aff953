/* SPDX-License-Identifier: MIT */
#include "pam_module/require.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST_LINE = 1024 };

static bool is_comment(const char *line)
{
	line += strspn(line, " \t");
	return *line == '#' || *line == ';';
}

static bool names_require(FILE *file)
{
	char line[LONGEST_LINE];
	bool whole = true, comment = false;

	while (fgets(line, sizeof(line), file) != NULL) {
		comment = whole ? is_comment(line) : comment;
		whole = strchr(line, '\n') != NULL;
		/* The word may lie across the border of a line that is too long for us. */
		if (!comment && (!whole || strstr(line, "require") != NULL))
			return true;
	}
	return ferror(file) != 0;
}

bool require_may_be_in_force(const char *path)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	FILE *file = NULL;
	bool may_be = true;

	if (descriptor < 0)
		return errno != ENOENT;
	if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
	    (file = fdopen(descriptor, "re")) != NULL)
		may_be = names_require(file);
	if (file != NULL)
		fclose(file);
	else
		close(descriptor);
	return may_be;
}
