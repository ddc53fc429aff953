/* SPDX-License-Identifier: MIT */
/* What is spoken of when, for a machine of some place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "helper/check/check.h"

#include <cmocka.h>

enum { DAY = 24 * 3600 };

/* When a card is first spoken of whose certificate ends in 30 days, in this zone. */
static int64_t first_in(const char *zone, int64_t now)
{
	int64_t times[] = {20 * DAY};
	struct config config = {
	    .window = 30 * DAY,
	    .critical = 3 * DAY,
	    .spread = 17 * DAY,
	    .remind = times,
	    .remind_count = 1,
	};
	struct check check = {.config = &config, .task = {.unfinished = ""}};
	struct message *certificate = message_new(MESSAGE_CERTIFICATE);
	int64_t next;

	setenv("TZ", zone, 1);
	tzset();
	message_put_number(certificate, FIELD_NOT_BEFORE, now - 335 * DAY);
	message_put_number(certificate, FIELD_NOT_AFTER, now + 30 * DAY);
	message_put_text(certificate, FIELD_ISSUER, "CN=Office CA");
	message_put_text(certificate, FIELD_SUBJECT, "CN=Alice");
	message_put_text(certificate, FIELD_SERIAL, "01");
	message_put_text(certificate, FIELD_TOKEN_SERIAL, "1");
	message_put_text(certificate, FIELD_TOKEN_LABEL, "Alice");
	check.certificates.items[check.certificates.count++] = certificate;
	next = remind_judge(&check);
	message_free(certificate);
	return next;
}

/*
 * The zone's clocks change in five days, between now and the end: the days are those of the end, as
 * they will be after the change.
 */
static void a_change_of_the_clocks_moves_no_days(void **state)
{
	int64_t now = (int64_t)time(NULL);
	time_t change = (time_t)(now + 5 * DAY), back = (time_t)(now + 100 * DAY);
	struct tm from, to;
	char zone[64];

	(void)state;
	assert_non_null(gmtime_r(&change, &from));
	assert_non_null(gmtime_r(&back, &to));
	snprintf(zone, sizeof(zone), "WIN0SUM-6,%d/0,%d/0", from.tm_yday, to.tm_yday);
	assert_int_equal(first_in(zone, now), first_in("SUM-6", now));
	assert_int_not_equal(first_in(zone, now), first_in("WIN0", now));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_change_of_the_clocks_moves_no_days),
	};

	return cmocka_run_group_tests_name("remind", tests, NULL, NULL);
}
