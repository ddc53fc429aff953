/* SPDX-License-Identifier: MIT */
/*
 * The one table of what certrenew.conf may say: the parser and config_print follow it, and the
 * sample file and the manual page are made from it (conf/describe).
 */
#ifndef CERTRENEW_CONFIG_TABLE_H
#define CERTRENEW_CONFIG_TABLE_H

#include "conf/config_error.h"

enum config_type {
	TYPE_BOOLEAN,
	TYPE_CHOICE,	/* an enum whose values are the indices of `choices` */
	TYPE_DURATION,	/* int64_t, seconds */
	TYPE_NUMBER,	/* int64_t */
	TYPE_REMINDERS, /* struct config's remind, remind_count and remind_always together */
	TYPE_TEXT,
	TYPE_LIST, /* blank-separated */
};

struct config_key {
	const char *section;
	const char *name;
	enum config_type type;
	size_t offset;	      /* in struct config_ca for [ca], else in struct config */
	const char *fallback; /* the default, written as config_print writes it */
	const char *example;  /* of what has none, but is required; else NULL */

	int64_t least, most;	    /* durations, numbers */
	const char *const *choices; /* NULL-terminated */
	const char *accepts;	    /* texts and lists: what may be written, in words */
	/* Texts: the whole value; lists: each entry. Not asked about an empty value. */
	int (*check)(const char *value, struct config_reason *reason);

	const char *help;
};

enum { CONFIG_SECTION_COUNT = 9 };
extern const char *const config_sections[CONFIG_SECTION_COUNT];

extern const struct config_key config_table[];
extern const size_t config_table_length;

/* NULL if there is no such key. */
const struct config_key *config_key_find(const char *section, const char *name);

/* Whether the key belongs to a [ca "name"] section. */
bool config_key_is_ca(const struct config_key *key);

/* "1s to 1m", "off, notice, ask, require" …: what the key accepts, in words. */
struct config_range {
	char text[160];
};
struct config_range config_key_range(const struct config_key *key);

#endif
