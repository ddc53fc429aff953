/* SPDX-License-Identifier: MIT */
#include "helper/ca/status_time.h"

#include <time.h>

int status_time(const ASN1_TIME *time, int64_t *ret)
{
	struct tm parts = {0};

	/* For NULL OpenSSL would tell the present time. */
	if (time == NULL || ASN1_TIME_to_tm(time, &parts) != 1)
		return -1;
	*ret = (int64_t)timegm(&parts);
	return 0;
}
