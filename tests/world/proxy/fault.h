/* SPDX-License-Identifier: MIT */
/*
 * test-proxy: a line to the RA that goes wrong at one byte. What it carries is not looked into: of
 * TLS it is the ciphertext that is cut. Bytes are counted each way, over all connections together.
 */
#ifndef CERTRENEW_TESTS_FAULT_H
#define CERTRENEW_TESTS_FAULT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum fault_kind {
	FAULT_NONE,
	FAULT_CLOSE,	 /* the connection ends there, for both */
	FAULT_RESET,	 /* the client's is reset there; the RA sees an end */
	FAULT_STALL,	 /* nothing is carried any more, either way, and nobody is told */
	FAULT_LATE,	 /* what follows comes `delay` later, also to who is still there alone */
	FAULT_DUPLICATE, /* the last `bytes` before it come twice */
	FAULT_DROP,	 /* the `bytes` that follow are left out */
	FAULT_REPEAT,	 /* plain HTTP: request number `at` is given to the RA twice */
	FAULT_FULL,	 /* no connection is taken, and none is refused */
};

enum way { WAY_UP, WAY_DOWN }; /* to the RA, from the RA */

struct fault {
	enum fault_kind kind;
	enum way way;
	int64_t at;
	int64_t bytes;
	int64_t delay;	    /* milliseconds */
	bool for_good;	    /* and every later connection meets the same at its first byte */
	bool second_answer; /* of a repeated request: that one is passed on */
};

/* One line's life: the counts, whether the fault has happened, and where that is told. */
struct line {
	struct fault fault;
	uint16_t to; /* the RA's port on 127.0.0.1 */
	FILE *log;
	int64_t carried[2];
	int64_t requests;
	int64_t connections;
	int64_t turns; /* how often the RA was spoken to anew, after what it had answered before */
	bool happened;
};

/* Carries one connection after the other, and several at once, until SIGTERM. */
void relay_serve(struct line *line, int listener);

/* A connection to the RA, or -1. */
int relay_connect(const struct line *line);

/* One connection with FAULT_REPEAT: whole requests and whole answers. It returns at its end. */
void repeat_serve(struct line *line, int client);

/* Tells, once, that it has happened. */
void fault_happens(struct line *line, int64_t at);

#endif
