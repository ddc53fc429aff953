/* SPDX-License-Identifier: MIT */
/* What the helper tells check and renew to do: their command line, written and read here. */
#ifndef CERTRENEW_TASK_H
#define CERTRENEW_TASK_H

#include <stdbool.h>

#include "conf/config.h"
#include "helper/common/message.h"

struct task {
	enum request_action action;
	enum config_prompt prompt;
	const char *config;	  /* the configuration's path */
	const char *language;	  /* "" for the default */
	const char *token_label;  /* check: the login's token; renew: the chosen one; "" for any */
	const char *token_serial; /* renew: the chosen one */
	const char *record;	  /* check: where to record what was found; "" for nowhere */
	const char *unfinished;	  /* check: tokens with an unfinished renewal, in hexadecimal,
				     comma-separated (journal_token_name) */
	bool assume_yes;
	bool detached; /* nobody listens */
};

enum { TASK_ARGUMENTS = 12, TASK_TEXT_MAX = 4096 };

/*
 * Fills a NULL-terminated argument list that points into `text`. Returns 0, or -1 if the texts do
 * not fit.
 */
int task_write(const struct task *task, const char *program, char text[TASK_TEXT_MAX],
	       char *arguments[TASK_ARGUMENTS]);

/* The opposite; *ret points into the arguments. Returns 0, or -1 for anything unknown. */
int task_read(int count, char *arguments[], struct task *ret);

/* First of all in check and renew: no core, no ptrace, ended with the helper. Their program name
 * for the log. */
void task_begin(const char *program);

#endif
