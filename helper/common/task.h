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
	const char *language;	  /* as the front end named it; "" for English */
	const char *token_label;  /* check: the login's token; renew: the chosen one; "" for any */
	const char *token_serial; /* the chosen one; check: "" for any */
	const char *issuer;	  /* REVOKE: the certificate's issuer, RFC 4514 */
	const char *serial;	  /* REVOKE: its serial number, hexadecimal; VERIFY: of each
				     certificate the old one and the new one, as struct report has them */
	const char *unfinished;	  /* check: tokens with an unfinished renewal, in hexadecimal,
				     comma-separated (token_name); renew, STATUS: which to tell of */
	bool assume_yes;
	bool detached;	   /* nobody listens */
	bool console;	   /* shown on the kernel's text console */
	bool desktop;	   /* shown on a desktop, to one who may have no terminal */
	bool fresh;	   /* DUE: the card is read in any case */
	bool certificates; /* STATUS: the front end wants them themselves */
	bool busy;	   /* renew: another one has the card; only to be said */
	int reason;	   /* REVOKE: CRLReason */
	unsigned uid;	   /* whose conversation it is: what is kept for a person is kept by uid */
};

enum { TASK_ARGUMENTS = 12, TASK_TEXT_MAX = 6144 };

/*
 * Fills a NULL-terminated argument list that points into `text`. Returns 0, or -1 if the texts do
 * not fit.
 */
int task_write(const struct task *task, const char *program, char text[TASK_TEXT_MAX],
	       char *arguments[TASK_ARGUMENTS]);

/* The opposite; *ret points into the arguments. Returns 0, or -1 for anything that task_write does
 * not write. */
int task_read(int count, char *arguments[], struct task *ret);

/* First of all in check and renew: no core, no ptrace, ended with the helper. Their program name
 * for the log. */
void task_begin(const char *program);

#endif
