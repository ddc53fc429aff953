/* SPDX-License-Identifier: MIT */
/*
 * The renewal of one card's certificates. renewal.c tells the story; each of its parts is in a
 * file of its own: gather.c (what there is to do), consent.c (what the person says), keypad.c (the
 * reader's own keypad), standing.c (was it revoked?), put_off.c (when to speak of it again),
 * request.c (card and CA), write_card.c and make_room.c (the card), tell.c (how it ended). revoke.c
 * is another story with the same card: a certificate of it is revoked.
 */
#ifndef CERTRENEW_RENEWAL_H
#define CERTRENEW_RENEWAL_H

#include <pthread.h>

#include "helper/ca/ca.h"
#include "helper/card/certificates.h"
#include "helper/card/key.h"
#include "helper/card/pin.h"
#include "helper/common/dialogue.h"
#include "helper/common/task.h"
#include "helper/record/frames.h"
#include "helper/renewal/journal.h"

enum { ITEMS_MAX = 16 };

/* One certificate on its way. */
struct item {
	struct journal_entry entry;
	const struct config_ca *settings;
	const struct ca_protocol *protocol;
	bool cannot_sign;	/* its key is seen, and says so */
	bool resumed;		/* an earlier run began it */
	bool tried_to_remove;	/* and came as far as the old certificate's end */
	struct failure failure; /* code FAILURE_NONE: still on its way, waiting, or done */
	bool unheard;		/* it was asked before this run, and no answer is here */
	bool asked_anew;	/* with other bytes than those that were not answered */
	bool waiting;		/* the CA wants time */
	int64_t busy_until; /* clock_deadline: its server was too busy for anybody; 0: it was not */
	bool renewed;
};

/* Who watches while the driver waits for a person at the reader's keypad. */
struct keypad {
	pthread_t watcher;
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool waits, watched;
};

struct renewal {
	const struct task *task;
	const struct config *config;
	struct dialogue *dialogue;
	struct journal *journal;
	struct token *token;
	struct certificates certificates; /* the ones that count, as they were first read */
	struct item items[ITEMS_MAX];	  /* encryption first */
	size_t count;
	struct frames outcome; /* what was said at the end, for a person who did not hear it */
	bool logged_in;
	bool pin_taken; /* at least once, in this run */
	bool card_changed;
	bool hidden; /* the card shows its certificates only after a login */
	int step, steps;
	struct keypad keypad;
	struct head_start *start; /* to the first CA; NULL: none */
};

/* Runs the story to its end and tells the front end. Returns 0 if everything was renewed or
 * waits, else the negative code of what failed. */
int renewal_run(struct renewal *renewal, struct failure *failure);

/*
 * Has the certificate that the task names revoked, and tells the front end: with the card's
 * signature key, which signs once. Nothing on the card changes, and nothing is kept. Returns 0
 * once the CA says that it is revoked, else the negative code of what failed.
 */
int revoke_run(struct renewal *renewal, struct failure *failure);

/* Has the CA take a new challenge phrase, which a person chooses; otherwise as revoke_run. */
int set_phrase_run(struct renewal *renewal, struct failure *failure);

/*
 * STATUS: tells the front end of each unfinished renewal of these tokens (token_name,
 * comma-separated), one that cannot be read included. Changes nothing. Returns 0 or
 * -FAILURE_JOURNAL.
 */
int tell_unfinished(const char *tokens, struct dialogue *dialogue, struct failure *failure);

/* FAILED, for a front end that has words of its own for it. */
void revoke_tell_failed(struct renewal *renewal, const struct failure *failure);

/* --- the parts, for renewal.c ------------------------------------------------------------ */

/* found: fills the items from the journal and the card. Returns -FAILURE_NOTHING_DUE for none. */
int gather(struct renewal *renewal, struct failure *failure);

/* agreed: asks whether to renew, unless --yes; a no or later is noted for the person. */
int consent_to_renew(struct renewal *renewal, struct failure *failure);

/*
 * Notes -FAILURE_REVOKED at what the CA has revoked, and says so. All of it takes at most [status]
 * timeout; a CA that does not answer stops nothing, it is only logged.
 */
void standing_check(struct renewal *renewal);

/* Whether the certificate is to be revoked, by a person who has read that it is final. With --yes
 * it is said, not asked. */
int consent_to_revoke(struct renewal *renewal, const struct certificate *certificate,
		      struct failure *failure);

/* Asks for the PIN until the card takes it or the person gives up. It is kept for keys that want it
 * each time, unless nothing is signed with it. */
int consent_with_pin(struct renewal *renewal, enum pin_why why, struct failure *failure);
void consent_end(struct renewal *renewal); /* forgets the PIN and logs out */

/* For token.at_keypad: a person who enters no PIN is waited for no longer than for an answer. */
void keypad_attend(void *renewal, bool begins, bool again);

/* The person shall not be asked about these again before the next reminder. */
void put_off(const struct renewal *renewal);
/* Nor before the CA is ready, or a CA that could not take the request has been left alone, if
 * nothing but the CA is waited for; and that this is no longer so, before anything is done that may
 * break off. */
void put_off_for_ca(const struct renewal *renewal);
void put_off_no_longer(const struct renewal *renewal);

/* requested, waiting, issued: what fails for one item is noted there. */
int request_from_ca(struct renewal *renewal, struct failure *failure);

/* moved aside, written, verified, done: likewise. */
int write_to_card(struct renewal *renewal, struct failure *failure);

void tell_step(struct renewal *renewal, enum step step);
/* Once, that an earlier request had not been answered, and what was done about that. */
void tell_asked_again(struct renewal *renewal, struct item *item);
void tell_outcome(struct renewal *renewal);
void tell_failure(struct renewal *renewal, const struct failure *failure);
/* That another conversation renews this card, for a front end without words; the helper logs it. */
void tell_busy(struct dialogue *dialogue);
/* "Your card's certificates expire in 20 days …" */
void tell_due_sentence(const struct renewal *renewal, char *out);

/* --- what the parts ask of an item ------------------------------------------------------- */

bool item_needs_ca(const struct item *item, int64_t now);
bool item_needs_card(const struct item *item);
bool item_can_go_on(const struct item *item); /* with either, now */

/* What was asked for is a transaction of CMP, not a PKCS#10 request. */
bool item_is_transaction(const struct item *item);

/* The CA was asked, and said when it wants to be asked again; that may have come. */
bool item_waits(const struct item *item);

/* Issued, but the CA has not been told, and may take it back: it is not written until then. */
bool item_is_unconfirmed(const struct item *item);
size_t renewal_count(const struct renewal *renewal, bool (*wanted)(const struct item *));

/* All certificates of the card, each with what is known of its key. */
int renewal_read_certificates(struct renewal *renewal, struct failure *failure);

/* The certificate that may speak to the CA for this one: the card's signature certificate of the
 * same subject. NULL: there is none. */
const struct certificate *renewal_speaker(const struct renewal *renewal, const X509 *about);

/* A CKA_ID that nothing on the card has, and that no certificate on its way was promised: its key
 * may not have been made yet. */
int renewal_fresh_id(const struct renewal *renewal, struct object_id *ret, struct failure *failure);

/* For what is to be at another time for each client. */
uint64_t renewal_random(void);

/* Journals the entry in a new state. */
int item_advance(struct renewal *renewal, struct item *item, enum journal_state state,
		 struct failure *failure);

#endif
