/* SPDX-License-Identifier: MIT */
#ifndef CERTRENEW_SEARCH_H
#define CERTRENEW_SEARCH_H

#include "conf/config.h"
#include "helper/lookup/found.h"

struct search_options {
	struct found_query query;
	bool json;
	const char *save; /* a path; NULL: nothing is saved */
};

/* The whole of `certrenew search`; returns the exit status (exit.h). */
int search(const struct config *config, const struct search_options *options);

/* What --json prints where it did not come so far. */
void search_failed(enum failure_code code);

#endif
