/* SPDX-License-Identifier: MIT */
/* What the command leaves to certrenew-journal: the administrator's look into renewals. */
#ifndef CERTRENEW_COMMAND_JOURNAL_H
#define CERTRENEW_COMMAND_JOURNAL_H

#include <stdbool.h>

/* `journal …` */
bool journal_is_asked(int count, char *arguments[]);

/* Becomes certrenew-journal; returns EXIT_ERROR if that cannot be. */
int journal(char *arguments[]);

#endif
