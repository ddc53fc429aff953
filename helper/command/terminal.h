/* SPDX-License-Identifier: MIT */
/* The terminal's face of a conversation: what is said goes to it, what is asked is read from it. */
#ifndef CERTRENEW_TERMINAL_H
#define CERTRENEW_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "helper/common/message.h"

/* Shows a sentence; on a terminal a step takes the line of the step before it. */
void terminal_show(const struct message *message);

/*
 * Asks what the message asks and returns the answer; CANCEL or LATER when nothing can be read. A
 * PIN is not echoed.
 */
struct message *terminal_ask(const struct message *question);

/*
 * A line, without its end, cut to `size`: from the terminal if there is one, else from stdin, where
 * a script's answers come from. Returns 0, or -1 for none.
 */
int terminal_read(const char *prompt, char *line, size_t size, bool echo);

/* What every request of the command says of the terminal: REQUEST_CONSOLE, or nothing. */
int64_t terminal_flags(void);

/* Ends the line of the last step, if one is open. */
void terminal_finish(void);

#endif
