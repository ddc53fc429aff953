/* SPDX-License-Identifier: MIT */
/* Values by type: from the file's text to the field, and back. */
#ifndef CERTRENEW_CONFIG_VALUES_H
#define CERTRENEW_CONFIG_VALUES_H

#include "conf/config_table.h"

/*
 * `record` is the struct config_ca for a key of [ca], the struct config for any other; its field
 * must not hold memory yet. Returns 0, or -1 with *reason filled and the record untouched.
 */
int config_value_parse(const struct config_key *key, const char *text, void *record,
		       struct config_reason *reason);

/* The value in its written form, for the caller to free; NULL when there is no memory. */
char *config_value_text(const struct config_key *key, const void *record);

/* Frees what the field holds. */
void config_value_free(const struct config_key *key, void *record);

/* "30d": the largest unit that gives a whole number; "0" for nothing. */
struct config_duration {
	char text[24];
};
struct config_duration config_duration_text(int64_t seconds);

#endif
