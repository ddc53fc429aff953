/* SPDX-License-Identifier: MIT */
#include "helper/common/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "helper/common/utf8.h"

static bool people_are_named;

void log_open(const char *program)
{
	openlog(program, LOG_PID | LOG_NDELAY, LOG_AUTHPRIV);
}

void log_name_people(bool named)
{
	people_are_named = named;
}

bool log_names_people(void)
{
	return people_are_named;
}

void log_line(enum log_event event, const char *format, ...)
{
	char line[2048], clean[2048];
	va_list values;

	va_start(values, format);
	vsnprintf(line, sizeof(line), format, values);
	va_end(values);
	utf8_clean_line(line, clean, sizeof(clean));
	syslog(log_event_priority(event), LOG_EVENT_PREFIX "%s", (unsigned)event, clean);
}

/* In place: "https://a/b?uri=alice@c: no route" → "https://a/b?: no route". A query (RFC 3986 §3.4)
 * ends with the address: before a blank, or the colon that our details put behind it. */
static void drop_queries(char *text)
{
	char *to = text, *from = text;
	bool in_address = false;

	while (*from != '\0') {
		if (strncmp(from, "://", 3) == 0)
			in_address = true;
		else if (*from == ' ')
			in_address = false;
		*to++ = *from;
		if (*from++ != '?' || !in_address)
			continue;
		from += strcspn(from, " ");
		if (from[-1] == ':')
			from--;
	}
	*to = '\0';
}

void log_failure(enum log_event event, const char *what, const struct failure *failure)
{
	char detail[sizeof(failure->detail)];

	snprintf(detail, sizeof(detail), "%s", failure->detail);
	if (!people_are_named)
		drop_queries(detail);
	if (failure->said[0] != '\0')
		log_line(event, "%s: %s: %s (the CA said: %s)", what, failure_name(failure->code),
			 detail, failure->said);
	else
		log_line(event, "%s: %s: %s", what, failure_name(failure->code), detail);
}
