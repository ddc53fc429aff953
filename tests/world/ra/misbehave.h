/* SPDX-License-Identifier: MIT */
/*
 * How the RA misbehaves on request. All of it concerns simplereenroll or kur, but for close-each,
 * csrattrs-* and cmp-confirm-*. The HTTP errors, redirections and Retry-After forms come instead of
 * an issuance, and before it; what spoils the answer's body comes after it: the certificate has
 * been issued, and an honest repetition of the request gets it. A certificate that is not what was
 * asked for is in the log, but is neither recorded nor remembered.
 */
#ifndef CERTRENEW_TESTS_MISBEHAVE_H
#define CERTRENEW_TESTS_MISBEHAVE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/world/ca/issue.h"

enum misbehaviour {
	/* the certificate is not what was asked for */
	MISBEHAVE_WRONG_KEY,
	MISBEHAVE_WRONG_SUBJECT,
	MISBEHAVE_WRONG_SAN,
	MISBEHAVE_WRONG_USAGE,
	MISBEHAVE_SHORTER,
	MISBEHAVE_UNKNOWN_ISSUER,

	/* another answer instead */
	MISBEHAVE_HTTP_400,
	MISBEHAVE_HOSTILE_WORDS,
	MISBEHAVE_HTTP_401,
	MISBEHAVE_HTTP_403,
	MISBEHAVE_HTTP_404,
	MISBEHAVE_HTTP_500,
	MISBEHAVE_HTTP_503,
	MISBEHAVE_HTTP_503_RETRY,
	MISBEHAVE_HTTP_503_HOUR,
	MISBEHAVE_REDIRECT_OTHER,
	MISBEHAVE_REDIRECT_SAME,
	MISBEHAVE_REDIRECT_LOOP,
	MISBEHAVE_RETRY_GARBAGE,
	MISBEHAVE_RETRY_NONE,
	MISBEHAVE_RETRY_PAST,
	MISBEHAVE_RETRY_NEGATIVE,
	MISBEHAVE_RETRY_HUGE,
	MISBEHAVE_RETRY_ZERO_ONCE,
	MISBEHAVE_RETRY_ZERO,
	MISBEHAVE_RETRY_MILLENNIUM,
	MISBEHAVE_RETRY_TWICE, /* an hour, and in a second field a day */

	/* the answer's body */
	MISBEHAVE_GARBAGE,
	MISBEHAVE_GARBAGE_BASE64,
	MISBEHAVE_EMPTY,
	MISBEHAVE_HUGE,
	MISBEHAVE_DRIP,
	MISBEHAVE_HALF,
	MISBEHAVE_STALL,

	/* not wrong, only unusual */
	MISBEHAVE_STATUS_201,
	MISBEHAVE_ONE_LINE,
	MISBEHAVE_CRLF76,
	MISBEHAVE_NO_TRANSFER_ENCODING,
	MISBEHAVE_BARE_CONTENT_TYPE,
	MISBEHAVE_TWO_CERTS,
	MISBEHAVE_FORGET,
	MISBEHAVE_CLOSE_EACH,
	MISBEHAVE_CSRATTRS_404,
	MISBEHAVE_CSRATTRS_EMPTY,
	MISBEHAVE_CSRATTRS_429,	     /* and to come back in an hour */
	MISBEHAVE_CSRATTRS_429_SOON, /* in a second */
	MISBEHAVE_CSRATTRS_500,

	/* CMP alone: the message, an answer instead, the confirmation */
	MISBEHAVE_CMP_ROGUE_SIGNER,  /* an RA that no client trusts */
	MISBEHAVE_CMP_PERSON_SIGNER, /* a colleague of the same CA */
	MISBEHAVE_CMP_PROTECTION,
	MISBEHAVE_CMP_NO_PROTECTION,
	MISBEHAVE_CMP_TRANSACTION_ID,
	MISBEHAVE_CMP_NONCE,
	MISBEHAVE_CMP_SENDER,
	MISBEHAVE_CMP_TRUNCATED,
	MISBEHAVE_CMP_HUGE_LENGTH,
	MISBEHAVE_CMP_TRAILING,
	MISBEHAVE_CMP_ENCRYPTED_TO_OTHER,
	MISBEHAVE_CMP_REJECTION, /* a kup that says no */
	MISBEHAVE_CMP_NOT_AUTHORIZED,
	MISBEHAVE_CMP_SYSTEM_FAILURE,
	MISBEHAVE_CMP_ERROR,
	MISBEHAVE_CMP_UNPROTECTED_ERROR,
	MISBEHAVE_CMP_CHECK_AFTER_HUGE,
	MISBEHAVE_CMP_CHECK_AFTER_NEGATIVE,
	MISBEHAVE_CMP_CHECK_AFTER_ZERO,
	MISBEHAVE_CMP_CHECK_AFTER_LONG, /* 1000000000 s */
	MISBEHAVE_CMP_CONFIRM_SILENT,	/* taken, and no answer */
	MISBEHAVE_CMP_CONFIRM_CLOSED,	/* taken, and the connection closed */
	MISBEHAVE_CMP_CONFIRM_REFUSED,	/* not taken */
	MISBEHAVE_CMP_CONFIRM_404,	/* does not get there: a gateway answers */
	MISBEHAVE_CMP_CONFIRM_404_ONCE,
	MISBEHAVE_CMP_CONFIRM_503, /* once; in an hour */

	/* revocation */
	MISBEHAVE_REVOKE_NOTHING, /* says that it is done, and does nothing */
	MISBEHAVE_REVOKE_WAITING, /* CMP */
};

#define MISBEHAVIOURS (MISBEHAVE_REVOKE_WAITING + 1)

struct misbehave {
	bool on[MISBEHAVIOURS];
	bool limited; /* to requests of this role: */
	enum issue_role only;
	int times; /* and to so many of them; 0: all */
	int count; /* so far */
};

/* An answer that is given instead of a certificate. */
struct misbehave_answer {
	enum misbehaviour which;
	unsigned status;
	const char *header; /* NULL: none */
	const char *value;
	const char *body;
	int lasts; /* seconds since the request was first seen; 0: the first time; -1: for ever */
};

/* Switches one on by its name ("wrong-key"). Returns 0, or -1 for a name that is none. */
int misbehave_add(struct misbehave *misbehave, const char *name);
void misbehave_list(FILE *file);

/*
 * How to treat a request of this role: the misbehaviour, counting it, or none at all. Not to be
 * called by two threads at once.
 */
const struct misbehave *misbehave_towards(struct misbehave *misbehave, enum issue_role role);
extern const struct misbehave misbehave_none;

bool misbehaves(const struct misbehave *misbehave, enum misbehaviour which);

/*
 * What to answer to a request for `path` that was first seen `age` seconds ago, `again` telling
 * whether it was seen before; NULL: nothing in its place. A redirection is not given where the
 * request has already followed it.
 */
const struct misbehave_answer *misbehave_instead(const struct misbehave *misbehave,
						 const char *path, bool again, int64_t age);

#endif
