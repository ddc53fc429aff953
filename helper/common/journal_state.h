/* SPDX-License-Identifier: MIT */
/* How far the renewal of one certificate has come: in the journal, in messages and in words. */
#ifndef CERTRENEW_JOURNAL_STATE_H
#define CERTRENEW_JOURNAL_STATE_H

/* In the order of the story; their names stand in files. */
enum journal_state {
	JOURNAL_FOUND = 1,   /* never on disk */
	JOURNAL_AGREED,	     /* the person said yes; with a new key: its CKA_ID is chosen; with a
				retry_at: nothing could be asked before that */
	JOURNAL_REQUESTED,   /* the request's bytes are here, and may have been sent */
	JOURNAL_WAITING,     /* the CA said: come back at retry_at with the same request */
	JOURNAL_ISSUED,	     /* the new certificate is here */
	JOURNAL_CONFIRMED,   /* the CA knows that we have it (CMP) */
	JOURNAL_MOVED_ASIDE, /* the old certificate has the spare CKA_ID */
	JOURNAL_TAKEN_OFF,   /* the old one made way on a full card: it is here, and maybe nowhere
				else */
	JOURNAL_WRITTEN,     /* the new one is on the card */
	JOURNAL_VERIFIED,    /* and was read back, and its key is the card's */
	JOURNAL_DONE,	     /* the old one is gone */
};

/* "issued"; "unknown" for a state that is none. */
const char *journal_state_name(enum journal_state state);

/* What is to be done next, for programs: "ask", "ask-again", "wait", "write", "check",
 * "remove-old"; "administrator" for a state that is none. */
const char *journal_next_name(enum journal_state state);

#endif
