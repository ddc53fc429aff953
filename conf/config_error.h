/* SPDX-License-Identifier: MIT */
/* How the configuration's parts say what is wrong: a reason below, file and line above. */
#ifndef CERTRENEW_CONFIG_ERROR_H
#define CERTRENEW_CONFIG_ERROR_H

#include "conf/config.h"

/* "what is wrong; what to do", from whoever knows the value but not where it stands. */
struct config_reason {
	char text[512];
};

/* Fills *reason and returns -1. */
int config_refuse(struct config_reason *reason, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What the administrator has to look at; NULL and 0 for what there is none of. */
struct config_place {
	unsigned line;
	const char *section;
	const char *ca; /* the name in [ca "name"] */
	const char *key;
};

/*
 * Fills *error with "PATH:LINE: [section] key: reason" and returns -1. Control characters, which
 * a path may hold, are replaced: the text goes to terminals and logs.
 */
int config_fail(struct config_error *error, const char *path, const struct config_place *place,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The beginning of a value, for quoting it in a reason; never ends inside a character. */
struct config_excerpt {
	char text[68];
};
struct config_excerpt config_excerpt(const char *value);

#endif
