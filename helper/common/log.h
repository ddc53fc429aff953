/* SPDX-License-Identifier: MIT */
/*
 * One line per event to syslog (authpriv). Never a PIN, never a subject: a user's name and
 * serial numbers are the only personal data. Control characters are replaced.
 */
#ifndef CERTRENEW_LOG_H
#define CERTRENEW_LOG_H

#include <syslog.h>

#include "helper/common/failure.h"

/* `program` must live as long as the process. */
void log_open(const char *program);

void log_line(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "WHAT: code: detail (the CA said: …)" */
void log_failure(int priority, const char *what, const struct failure *failure);

#endif
