/* SPDX-License-Identifier: MIT */
/* One line of certrenew.conf, before libinih sees it. */
#ifndef CERTRENEW_CONFIG_LINE_H
#define CERTRENEW_CONFIG_LINE_H

#include "conf/config_error.h"

enum {
	CONFIG_LINE_MAX = 4096, /* bytes, with the line's end */
	CONFIG_NAME_MAX = 64,	/* of a key, or of the name in [ca "name"] */
};

/*
 * Takes the line's end, the comment and the blanks around the rest away. The line must be valid
 * UTF-8 without control characters but tab. `first` allows for a byte order mark. Returns 0 with
 * *ret pointing into `line`, or -1.
 */
int config_line_clean(char *line, size_t length, bool first, char **ret,
		      struct config_reason *reason);

/* Of "[section]" or "[section "name"]". */
struct config_header {
	char section[CONFIG_NAME_MAX + 1];
	char name[CONFIG_NAME_MAX + 1];
	bool named;
};

/* Returns 0, or -1 for any other line. */
int config_line_header(const char *text, struct config_header *ret, struct config_reason *reason);

/* Whether the line is "key = …" with a key of letters, digits, '-' and '_'. */
bool config_line_is_assignment(const char *text);

/*
 * How much of `text` can be handed over in a piece of at most `room` bytes so that nothing is
 * lost: not beside a blank, because libinih strips those, nor before a character that would
 * make the next piece a comment. 0 if there is no such place.
 */
size_t config_line_cut(const char *text, size_t room);

#endif
