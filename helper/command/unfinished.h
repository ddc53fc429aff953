/* SPDX-License-Identifier: MIT */
/* What status shows of renewals that stopped half-way: UNFINISHED messages. */
#ifndef CERTRENEW_UNFINISHED_H
#define CERTRENEW_UNFINISHED_H

#include "helper/common/message.h"

/* A table of those of the card with this serial number, and what to do next. */
void unfinished_print(struct message *const *messages, size_t count, const char *token_serial);

/* All of them, as the members of an array. */
void unfinished_print_json(struct message *const *messages, size_t count);

#endif
