/* SPDX-License-Identifier: MIT */
/*
 * What check and renew tell the helper over the control pipe: a fixed-size record each, so that
 * the privileged side has nothing to parse.
 */
#ifndef CERTRENEW_REPORT_H
#define CERTRENEW_REPORT_H

#include <stdint.h>

#include "helper/common/failure.h"

enum report_stage {
	REPORT_READING = 1, /* the card's driver is at work, nobody was asked yet */
	REPORT_ASKING,	    /* a question is out: a person attends */
	REPORT_WORKING,	    /* card and CA, bounded by their own time limits */
	REPORT_WRITING,	    /* from here on nobody may kill */
	REPORT_END,	    /* the last one: how it ended */
	REPORT_WATCHING,    /* check waits for a card, as long as the front end listens */
	REPORT_FORBIDDEN,   /* the sandbox has ended the child for a system call */
};

struct report {
	uint8_t stage;	   /* enum report_stage */
	uint8_t code;	   /* REPORT_END: enum failure_code */
	uint8_t renewable; /* check: certificates that can be renewed, on the token named */
	uint8_t to_renew;  /* check: of these, how many renew is to be started for now */
	uint8_t expired;   /* check: certificates past the renewal period */
	uint8_t renewed;   /* renew: written and verified */
	uint8_t of;	   /* renew: tried */
	uint32_t call;	   /* REPORT_FORBIDDEN: the call's number */
	char token_serial[17];
	char token_label[33];
	char certificates[200]; /* serial numbers for the log: "encryption 0A → 0B …" in ASCII */
	/* check, STATUS: which of the task's unfinished tokens are there, in the same form */
	char unfinished[400];
};

/* Serial numbers are forced into printable ASCII, all texts are terminated, on both sides. Errors
 * are ignored: the helper may be gone, and a write goes on without it. */
void report_send(int pipe, const struct report *report);

/* How a child ends that made a forbidden call; its last report names the call. */
enum { STATUS_FORBIDDEN = 3 };

/* For the signal's handler: nothing but this call, and nothing that a signal could interrupt. */
void report_forbidden(int pipe, uint32_t call);

/* 1 with *ret filled, 0 at the end of the pipe, -1 for anything else. Does not block if the pipe is
 * readable: a record is written in one piece. */
int report_receive(int pipe, struct report *ret);

#endif
