/* SPDX-License-Identifier: MIT */
/* The module's lines in the log, through libpam, which names service and stage. */
#ifndef CERTRENEW_PAM_MODULE_LOG_H
#define CERTRENEW_PAM_MODULE_LOG_H

#include <security/pam_modules.h>

#include "helper/common/log_events.h"

void module_log(pam_handle_t *pamh, enum log_event event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
