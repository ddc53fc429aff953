/* SPDX-License-Identifier: MIT */
/*
 * One exchange with certrenew-helper: reach or start it, send the request, and show and answer what
 * comes until it ends or the time is up. The login waits here, and never longer than
 *
 *  - EXCHANGE_SOCKET_MS for the first word of the helper that systemd starts; after that, or where
 *    systemd does not hold the socket or has no helper to spare, the module starts one itself;
 *  - EXCHANGE_TERMS_MS, with that, until the helper has said how long it may take, then that long,
 *    until the first question; so much again when the person wants nothing more of it;
 *  - EXCHANGE_ATTENDED_MS for each message once the person has agreed to something;
 *  - and always what the host's own alarm leaves (alarm.h).
 *
 * The helper ends its children itself when their time is up; EXCHANGE_GRACE_MS lets it say so.
 *
 * DONE is the end, and at the account stage CHECKED: from then on the channel's own end is waited
 * for no longer than EXCHANGE_GRACE_MS. A proper end is also a closed channel after CHECKED,
 * WAITING, FAILED, or an answer that declined. A helper that does not serve this login sends
 * TERMS and CHECKED with nothing in it; at the account stage, where the configuration does not
 * `require`, TERMS alone will do.
 */
#ifndef CERTRENEW_PAM_EXCHANGE_H
#define CERTRENEW_PAM_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include <security/pam_modules.h>

#include "helper/common/message.h"
#include "pam_module/login.h"
#include "pam_module/options.h"

enum {
	EXCHANGE_SOCKET_MS = 1000,
	EXCHANGE_TERMS_MS = 5000,
	EXCHANGE_GRACE_MS = 500,
	EXCHANGE_SHORTEST_MS = 100, /* between these, whatever the helper says */
	EXCHANGE_LONGEST_MS = 60000,
	EXCHANGE_ATTENDED_MS = 15 * 60 * 1000,
};

struct exchange {
	pam_handle_t *pamh;
	const struct options *options;
	const struct login *login;
	int64_t start; /* clock_now() when the module was called */
	enum request_action action;
	bool silent;	  /* PAM_SILENT: show nothing, ask nothing */
	const char *told; /* a sentence shown before in this PAM handle, not to be repeated */
};

/* What was learned, also if the exchange failed half-way. */
struct findings {
	int64_t code; /* of FAILED, or of CHECKED */
	bool checked; /* CHECKED came; the next three are its */
	int64_t certificates;
	int64_t due;
	int64_t expired;
	char *told; /* the last sentence shown; the caller frees it */
};

/*
 * Waits for the end. Returns 0, or -FAILURE_TIMEOUT (a limit above), -FAILURE_PROTOCOL (garbage,
 * or an end without a result: a crash), -FAILURE_SYSTEM (it could not be started or reached).
 */
int exchange_run(const struct exchange *exchange, struct findings *ret_findings,
		 struct failure *failure);

/* Sends the request as one that nobody listens to, and returns. 0 or -FAILURE_SYSTEM. */
int exchange_detached(const struct exchange *exchange, struct failure *failure);

#endif
