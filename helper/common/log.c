/* SPDX-License-Identifier: MIT */
#include "helper/common/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "helper/common/utf8.h"

void log_open(const char *program)
{
	openlog(program, LOG_PID | LOG_NDELAY, LOG_AUTHPRIV);
}

void log_line(int priority, const char *format, ...)
{
	char line[2048], clean[2048];
	va_list values;

	va_start(values, format);
	vsnprintf(line, sizeof(line), format, values);
	va_end(values);
	utf8_clean_line(line, clean, sizeof(clean));
	syslog(priority, "%s", clean);
}

void log_failure(int priority, const char *what, const struct failure *failure)
{
	if (failure->said[0] != '\0')
		log_line(priority, "%s: %s: %s (the CA said: %s)", what,
			 failure_name(failure->code), failure->detail, failure->said);
	else
		log_line(priority, "%s: %s: %s", what, failure_name(failure->code),
			 failure->detail);
}
