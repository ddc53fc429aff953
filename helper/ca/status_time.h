/* SPDX-License-Identifier: MIT */
#ifndef CERTRENEW_STATUS_TIME_H
#define CERTRENEW_STATUS_TIME_H

#include <stdint.h>

#include <openssl/asn1.h>

#include "helper/common/failure.h"

/* Seconds since the epoch. Returns 0, or -1 for a time that cannot be read, or NULL. */
int status_time(const ASN1_TIME *time, int64_t *ret);

/* How long an answer or a list is good, in seconds since the epoch; `until` is past it. */
struct status_period {
	int64_t from, until;
};

/*
 * From thisUpdate to nextUpdate, or for `max_age` seconds where that is NULL. Returns 0, or
 * -FAILURE_CA_GARBAGE if a time cannot be read, or `now` is outside by more than STATUS_SLACK;
 * `what` names the answer in the detail.
 */
int status_period(const char *what, const ASN1_TIME *this_update, const ASN1_TIME *next_update,
		  int64_t max_age, int64_t now, struct status_period *ret, struct failure *failure);

#endif
