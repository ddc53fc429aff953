/* SPDX-License-Identifier: MIT */
/* What check found: the tokens, their certificates that count, and what each one is due. */
#ifndef CERTRENEW_FINDINGS_H
#define CERTRENEW_FINDINGS_H

#include "helper/card/certificates.h"
#include "helper/common/task.h"

struct found_token {
	struct token_info info;
	struct certificates certificates; /* the ones that count */
	struct validity *validity;	  /* one for each */
	size_t renewable, expired;
	size_t strangers;	/* were left out, see below */
	bool with_certificates; /* the front end wants them themselves */
	bool unfinished;	/* the journal holds a renewal of this token */
	bool hides;		/* no certificate is shown before a login, and there may be some */
};

struct findings {
	struct found_token *tokens;
	size_t count;
	int64_t now;
};

/*
 * Reads the tokens that the task and the configuration name. A token that fails does not hide the
 * others. Returns 0 with at least one token that holds a person's certificate; or whose
 * certificate is in the journal, having made way for its successor; or, for RENEW, that may hold
 * one. Otherwise -FAILURE_NO_CARD, -FAILURE_NO_CERTIFICATE, -FAILURE_CARD_HIDES, -FAILURE_NO_CA
 * (nothing but strangers), or the driver's failure.
 */
int findings_read(const struct task *task, const struct config *config, struct driver *driver,
		  int64_t now, struct findings *ret, struct failure *failure);

/* Leaves out what is due, or has expired, and is for no [ca] section to renew; a line of the log
 * says so. */
void strangers_leave_out(const struct config *config, struct found_token *found);

/* The first certificate that can be renewed, or (`expired`) is past that; NULL if there is none. */
const struct certificate *findings_soonest(const struct found_token *token, bool expired,
					   const struct validity **ret_validity);

/* The CERTIFICATE message of one certificate. */
struct message *findings_message(const struct found_token *token, size_t certificate);

/* Safe on a zeroed struct. */
void findings_free(struct findings *findings);

#endif
