/* SPDX-License-Identifier: MIT */
/*
 * One line per event to syslog (authpriv), with the event's number before it. Never a PIN; a user's
 * name and serial numbers are the only personal data, unless [log] subject says otherwise. What a
 * CA says is quoted as it is. Control characters are replaced.
 */
#ifndef CERTRENEW_LOG_H
#define CERTRENEW_LOG_H

#include <stdbool.h>

#include "helper/common/failure.h"
#include "helper/common/log_events.h"

/* `program` must live as long as the process. */
void log_open(const char *program);

/* Once the configuration is known: whether people may be named, by [log] subject. Before: not. */
void log_name_people(bool named);
bool log_names_people(void);

/* "CR101 …", of the event's priority. */
void log_line(enum log_event event, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "CR101 WHAT: code: detail (the CA said: …)". Unless people are named, an address in the detail
 * loses its query: a directory is asked for a person there. */
void log_failure(enum log_event event, const char *what, const struct failure *failure);

#endif
