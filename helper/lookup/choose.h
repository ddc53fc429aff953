/* SPDX-License-Identifier: MIT */
/*
 * The dialogue about what was found: a list that pages, one of them chosen, its details. Also for
 * `revoke`. On a terminal questions are asked there; elsewhere nothing is asked.
 */
#ifndef CERTRENEW_CHOOSE_H
#define CERTRENEW_CHOOSE_H

#include <stdbool.h>

#include "helper/lookup/found.h"

/* Whether somebody can be asked: standard input and output are a terminal. */
bool choose_can_ask(void);

/*
 * Shows the list, a page at a time on a terminal, with what keeps it from being whole. `numbered`
 * is for a choice. Certificates of one person differ in usage, dates and serial number, so each
 * line has these.
 */
void choose_list(const struct found *found, bool numbered);

/* Asks for a number of the list. Returns its index, or -1 for none. */
int choose_one(const struct found *found, const char *question);

/* Name, e-mail, status, validity, usage, subject, serial number, issuer, policy. */
void choose_details(const struct directory_entry *entry, const struct standing *standing);

#endif
