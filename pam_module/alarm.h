/* SPDX-License-Identifier: MIT */
/*
 * The host's own alarm clock. login(1) keeps one armed (LOGIN_TIMEOUT) through the account and
 * session stages and throws the person out when it rings, so whatever the module does MUST end
 * well before that, and the clock MUST go on as if nobody had touched it.
 *
 * A conversation that blocks at a terminal can be bounded only if it is libpam_misc's own:
 * misc_conv(3) documents a time at which it gives up. It keeps that time with alarm(2), and
 * refuses to ask where an alarm is armed already; so the host's clock is stopped for
 * the length of one prompt and then set to what is left of it.
 */
#ifndef CERTRENEW_PAM_ALARM_H
#define CERTRENEW_PAM_ALARM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/time.h>
#include <time.h>

#include <security/pam_appl.h>

enum {
	ALARM_MARGIN_MS = 3000,	  /* what the host gets for its own work after us */
	ALARM_QUESTION_MS = 5000, /* a person needs at least this long to answer */
};

/* Milliseconds that we may still use before the host's alarm; 0: none left, -1: no alarm. */
int64_t alarm_spare(void);

/* Whether a person has the time to answer now: no alarm, or one that is far enough off. */
bool alarm_leaves_time(void);

struct alarm_hold {
	struct itimerval timer; /* the host's, as it was when it was stopped; zero: none */
	int64_t since_us;
	time_t *die_time; /* misc_conv's, with the values they had */
	int *died;
	time_t former_die_time;
	int former_died;
};

/*
 * Before one prompt through `conversation`. Returns 0, or -FAILURE_NOT_SHOWN if an alarm is
 * armed and there is no time for a person to answer, or no way to end that conversation.
 */
int alarm_hold(const struct pam_conv *conversation, struct alarm_hold *ret_hold);

/* After the prompt: everything as before. True if it was the time that ended the prompt. */
bool alarm_release(struct alarm_hold *hold);

#endif
