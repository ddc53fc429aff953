/* SPDX-License-Identifier: MIT */
#include "helper/ca/retry_after.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
				     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const short_days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const long_days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
					"Thursday", "Friday", "Saturday"};

/* RFC 9110 §5.6.7, in strptime's letters: strptime itself would ask the locale. */
static const char *const date_formats[] = {
    "%a, %d %b %Y %H:%M:%S GMT", /* IMF-fixdate */
    "%A, %d-%b-%y %H:%M:%S GMT", /* RFC 850 */
    "%a %b %e %H:%M:%S %Y",	 /* asctime */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool take_number(const char **text, int digits, int *ret)
{
	int number = 0;

	for (int i = 0; i < digits; i++, (*text)++) {
		if (!is_digit(**text))
			return false;
		number = number * 10 + (**text - '0');
	}
	*ret = number;
	return true;
}

static bool take_name(const char **text, const char *const *names, int count, int *ret)
{
	for (int i = 0; i < count; i++) {
		size_t length = strlen(names[i]);

		if (strncmp(*text, names[i], length) == 0) {
			*text += length;
			*ret = i;
			return true;
		}
	}
	return false;
}

/* A two-digit year is in this century, unless that lies over 50 years ahead. */
static int full_year(int year, int64_t now)
{
	time_t seconds = (time_t)now;
	struct tm today;

	if (gmtime_r(&seconds, &today) == NULL)
		return year;
	year += today.tm_year / 100 * 100; /* tm_year counts from 1900, and so does the result */
	return year > today.tm_year + 50 ? year - 100 : year;
}

static bool take_field(char letter, const char **text, int64_t now, struct tm *tm)
{
	switch (letter) {
	case 'a':
		return take_name(text, short_days, COUNT(short_days), &tm->tm_wday);
	case 'A':
		return take_name(text, long_days, COUNT(long_days), &tm->tm_wday);
	case 'b':
		return take_name(text, months, COUNT(months), &tm->tm_mon);
	case 'e':
		if (**text == ' ') {
			(*text)++;
			return take_number(text, 1, &tm->tm_mday);
		}
		return take_number(text, 2, &tm->tm_mday);
	case 'd':
		return take_number(text, 2, &tm->tm_mday);
	case 'H':
		return take_number(text, 2, &tm->tm_hour) && tm->tm_hour <= 23;
	case 'M':
		return take_number(text, 2, &tm->tm_min) && tm->tm_min <= 59;
	case 'S': /* 60: a leap second */
		return take_number(text, 2, &tm->tm_sec) && tm->tm_sec <= 60;
	case 'Y':
		if (!take_number(text, 4, &tm->tm_year))
			return false;
		tm->tm_year -= 1900;
		return true;
	case 'y':
		if (!take_number(text, 2, &tm->tm_year))
			return false;
		tm->tm_year = full_year(tm->tm_year, now);
		return true;
	default:
		return false;
	}
}

static bool parse_date(const char *format, const char *text, int64_t now, int64_t *ret)
{
	struct tm tm = {0};
	int day, month;
	time_t seconds;

	for (; *format != '\0'; format++) {
		if (*format == '%') {
			if (!take_field(*++format, &text, now, &tm))
				return false;
		} else if (*text++ != *format) {
			return false;
		}
	}
	if (text[strspn(text, " \t")] != '\0')
		return false;
	day = tm.tm_mday;
	month = tm.tm_mon;
	if (tm.tm_sec == 60)
		tm.tm_sec = 59;
	seconds = timegm(&tm);
	/* timegm makes 2 March of a 30 February, and we don't. */
	if (tm.tm_mday != day || tm.tm_mon != month)
		return false;
	*ret = (int64_t)seconds;
	return true;
}

/* Digits only. What exceeds the maximum by far is the maximum already. */
static bool parse_seconds(const char *text, int64_t *ret)
{
	int64_t number = 0;

	if (!is_digit(*text))
		return false;
	for (; is_digit(*text); text++)
		if (number <= RETRY_AFTER_MAX)
			number = number * 10 + (*text - '0');
	if (text[strspn(text, " \t")] != '\0')
		return false;
	*ret = number;
	return true;
}

bool http_date(const char *value, int64_t now, int64_t *ret)
{
	for (int i = 0; i < COUNT(date_formats); i++)
		if (parse_date(date_formats[i], value, now, ret))
			return true;
	return false;
}

int64_t retry_after(const char *value, int64_t now)
{
	int64_t delay = RETRY_AFTER_DEFAULT, date;
	bool known;

	if (value == NULL)
		return now + RETRY_AFTER_DEFAULT;
	value += strspn(value, " \t");
	known = parse_seconds(value, &delay);
	if (!known && http_date(value, now, &date))
		delay = date - now;
	if (delay < RETRY_AFTER_MIN)
		delay = RETRY_AFTER_MIN;
	if (delay > RETRY_AFTER_MAX)
		delay = RETRY_AFTER_MAX;
	return now + delay;
}

int64_t retry_in_time(int64_t retry_at, int64_t now, int64_t not_after, int64_t critical)
{
	const int64_t soonest = now + 3600;
	int64_t latest = not_after - critical;

	if (not_after <= now)
		return retry_at;
	if (latest < soonest)
		latest = now + (not_after - now) / 2;
	if (latest < soonest)
		latest = soonest;
	return retry_at < latest ? retry_at : latest;
}

int64_t retry_jitter(int64_t delay, uint64_t random)
{
	return delay < 0 ? 0 : (int64_t)(random % ((uint64_t)delay / 2 + 1));
}

int64_t retry_unasked(int64_t retry_at, int64_t now, int64_t not_after, int64_t critical,
		      uint64_t random)
{
	int64_t delay = retry_at - now, later;

	later = retry_at + retry_jitter(delay < BACK_OFF_MOST ? delay : BACK_OFF_MOST, random);
	if (retry_at <= not_after - critical)
		return later < not_after - critical ? later : not_after - critical;
	return retry_at <= not_after && later > not_after ? not_after : later;
}

int64_t back_off(int64_t times, uint64_t random)
{
	int64_t delay = BACK_OFF_FIRST;

	for (; times > 1 && delay < BACK_OFF_MOST; times--)
		delay *= 2;
	if (delay > BACK_OFF_MOST)
		delay = BACK_OFF_MOST;
	return delay + retry_jitter(delay, random);
}
