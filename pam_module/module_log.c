/* SPDX-License-Identifier: MIT */
#include "pam_module/module_log.h"

#include <stdarg.h>
#include <stdio.h>

#include <security/pam_ext.h>

void module_log(pam_handle_t *pamh, enum log_event event, const char *format, ...)
{
	char line[1024];
	va_list values;

	va_start(values, format);
	vsnprintf(line, sizeof(line), format, values);
	va_end(values);
	pam_syslog(pamh, log_event_priority(event), LOG_EVENT_PREFIX "%s", (unsigned)event, line);
}
