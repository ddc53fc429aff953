/* SPDX-License-Identifier: MIT */
/* What polkit lets the account do. */
#ifndef CERTRENEW_POLKIT_H
#define CERTRENEW_POLKIT_H

#include "helper/doctor/doctor.h"

enum polkit_answer { POLKIT_YES, POLKIT_NO, POLKIT_SILENT };

/* Asks about a process of the account's that has no session, as certrenew-check is. Needs root, who
 * may ask about others, and the account. */
enum polkit_answer polkit_ask(const struct doctor *doctor, const char *action);

#endif
