/* SPDX-License-Identifier: MIT */
/*
 * The journal: what was asked for and what was issued, on disk before anything else happens.
 *
 * One folder for each token, one file for each certificate being renewed. A file is replaced in
 * one step and fsynced, with its folder, so that a power cut leaves the state before or the state
 * after. When a renewal is done its file is kept under another name, with the old certificate in
 * it: an old encryption certificate that left the card is still needed to read old mail.
 */
#ifndef CERTRENEW_JOURNAL_H
#define CERTRENEW_JOURNAL_H

#include <stdint.h>

#include <openssl/x509.h>

#include "helper/card/object.h"
#include "helper/common/message.h"
#include "helper/common/token_name.h"

/* In the order of the story; their names stand in files. */
enum journal_state {
	JOURNAL_FOUND = 1,   /* never on disk */
	JOURNAL_AGREED,	     /* the person said yes; with a new key: its CKA_ID is chosen */
	JOURNAL_REQUESTED,   /* the request's bytes are here, and may have been sent */
	JOURNAL_WAITING,     /* the CA said: come back at retry_at with the same request */
	JOURNAL_ISSUED,	     /* the new certificate is here */
	JOURNAL_CONFIRMED,   /* the CA knows that we have it (CMP) */
	JOURNAL_MOVED_ASIDE, /* the old certificate has the spare CKA_ID */
	JOURNAL_TAKEN_OFF,   /* the old one made way on a full card: here it is, and maybe nowhere
				else */
	JOURNAL_WRITTEN,     /* the new one is on the card */
	JOURNAL_VERIFIED,    /* and was read back, and its key is the card's */
	JOURNAL_DONE,	     /* the old one is gone */
};

struct journal_entry {
	enum journal_state state;
	enum certificate_role role;
	char ca[64]; /* the [ca] section */
	bool new_key;
	struct object_id id;	 /* of the key that the new certificate is for */
	struct object_id old_id; /* of the old certificate */
	struct object_id spare;	 /* where the old certificate was moved; length 0: nowhere */
	struct object_label label;
	int64_t updated, retry_at;
	X509 *old, *issued;
	unsigned char *request;
	size_t request_length;
};

struct journal; /* one token's part of it */

/*
 * Opens the token's folder under `folder` (a folder of this user's, that nobody else may use),
 * making it if need be. Returns 0 or -FAILURE_JOURNAL.
 */
int journal_open(const char *folder, const char *token_serial, const char *token_label,
		 struct journal **ret, struct failure *failure);

/* The unfinished entries, in the order of renewal; the caller frees with journal_entries_free. A
 * file that cannot be read is an error: what it holds may be all that is left of a certificate. */
int journal_unfinished(struct journal *journal, struct journal_entry **ret, size_t *ret_count,
		       struct failure *failure);

/* Writes the entry and everything it holds to disk before it returns. */
int journal_save(struct journal *journal, struct journal_entry *entry, struct failure *failure);

/* Keeps a finished or abandoned entry under another name: it is no longer unfinished. */
int journal_archive(struct journal *journal, const struct journal_entry *entry,
		    struct failure *failure);

/* Removes an entry that holds nothing worth keeping: a refused request for an old key. */
int journal_forget(struct journal *journal, const struct journal_entry *entry,
		   struct failure *failure);

void journal_entry_clear(struct journal_entry *entry);
void journal_entries_free(struct journal_entry *entries, size_t count);
void journal_close(struct journal *journal); /* NULL is fine */

/* The file's text ⇄ the entry; for the journal and its tests. */
int journal_encode(const struct journal_entry *entry, char **ret, size_t *ret_length,
		   struct failure *failure);
int journal_decode(const char *text, size_t length, struct journal_entry *ret,
		   struct failure *failure);

/* "issued" */
const char *journal_state_name(enum journal_state state);

#endif
