/* SPDX-License-Identifier: MIT */
#include "helper/ca/status_time.h"

#include <time.h>

#include "helper/ca/status.h"

int status_time(const ASN1_TIME *time, int64_t *ret)
{
	struct tm parts = {0};

	/* For NULL OpenSSL would tell the present time. */
	if (time == NULL || ASN1_TIME_to_tm(time, &parts) != 1)
		return -1;
	*ret = (int64_t)timegm(&parts);
	return 0;
}

int status_period(const char *what, const ASN1_TIME *this_update, const ASN1_TIME *next_update,
		  int64_t max_age, int64_t now, struct status_period *ret, struct failure *failure)
{
	struct status_period period;

	if (status_time(this_update, &period.from) < 0)
		return fail(failure, FAILURE_CA_GARBAGE, "%s: no sound thisUpdate", what);
	period.until = period.from + max_age;
	if (next_update != NULL && status_time(next_update, &period.until) < 0)
		return fail(failure, FAILURE_CA_GARBAGE, "%s: no sound nextUpdate", what);
	if (now < period.from - STATUS_SLACK)
		return fail(failure, FAILURE_CA_GARBAGE, "%s: of the future", what);
	if (now > period.until + STATUS_SLACK)
		return fail(failure, FAILURE_CA_GARBAGE, "%s: old, good until %lld", what,
			    (long long)period.until);
	*ret = period;
	return 0;
}
