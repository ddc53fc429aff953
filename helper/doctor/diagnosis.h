/* SPDX-License-Identifier: MIT */
/*
 * What certrenew-doctor found, in the order in which it looked: for each thing whether it is in
 * order, and if it is not, what is wrong and what to do. In English, as check-config is: it is
 * quoted in tickets, manuals and questions to others.
 */
#ifndef CERTRENEW_DIAGNOSIS_H
#define CERTRENEW_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>

enum diagnosis_result {
	DIAGNOSIS_OK,
	DIAGNOSIS_WRONG,
	DIAGNOSIS_UNCHECKED, /* it is not this user's to see, or there is no such thing here */
};

enum { DIAGNOSIS_ITEMS_MAX = 64, DIAGNOSIS_TEXT_MAX = 1024, DIAGNOSIS_NAME_MAX = 64 };

struct diagnosis {
	struct diagnosis_item {
		enum diagnosis_result result;
		char name[DIAGNOSIS_NAME_MAX];
		char found[DIAGNOSIS_TEXT_MAX]; /* a whole sentence */
		char mend[DIAGNOSIS_TEXT_MAX];	/* likewise; "" where nothing is wrong */
	} items[DIAGNOSIS_ITEMS_MAX];
	size_t count;
};

/*
 * Adds an item. `name` is a stable word for programs ("driver", "ca office"), listed in
 * certrenew(1); what is found may hold names from outside, and is cleaned. Past DIAGNOSIS_ITEMS_MAX
 * nothing is added but what is wrong, which takes the last one's place.
 */
void diagnosis_add(struct diagnosis *diagnosis, enum diagnosis_result result, const char *name,
		   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* What to do about the item that was added last. */
void diagnosis_mend(struct diagnosis *diagnosis, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

size_t diagnosis_count_wrong(const struct diagnosis *diagnosis);

/* On standard output: a line each, and how many are wrong; or certrenew(1)'s JSON. */
void diagnosis_print(const struct diagnosis *diagnosis);
void diagnosis_print_json(const struct diagnosis *diagnosis);

#endif
