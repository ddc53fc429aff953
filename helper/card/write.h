/* SPDX-License-Identifier: MIT */
/* Changing what is on the card: the steps that write_card.c puts in order. */
#ifndef CERTRENEW_WRITE_H
#define CERTRENEW_WRITE_H

#include <openssl/x509.h>

#include "helper/card/object.h"

/*
 * Whether the token lets a person write, as far as it tells before a login: write-protected
 * tokens and those without a user PIN do not.
 */
int write_is_possible(const struct token *token, struct failure *failure);

/*
 * Whether the person who has logged in may change this certificate, which is set to the label that
 * it has: -FAILURE_CARD_READ_ONLY where the token says no, for nobody or for nobody but another
 * role (PIV's administrator); 0 where it says yes, or where its answer means something else. No PIN
 * is given. Returns -FAILURE_CARD_REMOVED, too.
 */
int write_is_granted(struct token *token, X509 *certificate, struct failure *failure);

/*
 * The certificate objects with exactly these bytes, under this CKA_ID (NULL: under any); the
 * caller frees *ret. A write that was interrupted may have answered an error and be there: look
 * before writing again.
 */
int write_find(const struct token *token, X509 *certificate, const struct object_id *id,
	       CK_OBJECT_HANDLE **ret, size_t *ret_count, struct failure *failure);

/* Creates a token certificate object, which shows after a login only if `private`. */
int write_certificate(struct token *token, X509 *certificate, const struct object_id *id,
		      const struct object_label *label, bool private, struct failure *failure);

enum { WRITE_KEPT = 5, WRITE_KEPT_SIZE = 16 };

/* What a certificate object says beside its certificate, for one that may have to come back. */
struct write_seen {
	struct object_id id;
	struct object_label label;
	struct {
		unsigned char bytes[WRITE_KEPT_SIZE];
		CK_ULONG length; /* 0: it does not say */
	} kept[WRITE_KEPT];	 /* in the order of write.c's list */
};

int write_look(const struct token *token, CK_OBJECT_HANDLE object, struct write_seen *ret,
	       struct failure *failure);

/* Creates the object again with all that was seen of it; a token that now minds one of the
 * attributes which it had shown gets those that every certificate has. */
int write_restore(struct token *token, X509 *certificate, const struct write_seen *seen,
		  struct failure *failure);

/*
 * Gives a certificate object another CKA_ID. Returns 0, -FAILURE_CARD_FIXED where the token never
 * lets it be changed (CKA_MODIFIABLE), or another failure of the driver.
 */
int write_move(struct token *token, CK_OBJECT_HANDLE object, const struct object_id *id,
	       struct failure *failure);

/* Returns 0, -FAILURE_CARD_FIXED where the token never lets it be removed (CKA_DESTROYABLE), or
 * another failure of the driver. */
int write_remove(struct token *token, CK_OBJECT_HANDLE object, struct failure *failure);

#endif
