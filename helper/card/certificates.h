/* SPDX-License-Identifier: MIT */
/* The person's certificates on a token: which they are, which of them count, and their keys. */
#ifndef CERTRENEW_CERTIFICATES_H
#define CERTRENEW_CERTIFICATES_H

#include <openssl/x509.h>

#include "helper/card/object.h"
#include "helper/card/usage.h"
#include "helper/card/validity.h"

struct certificate {
	X509 *x509;
	CK_OBJECT_HANDLE object;
	struct object_id id;
	struct object_label label;
	enum certificate_role role;
	unsigned usage; /* usage_bits */
	int64_t not_before, not_after;
	bool keyless;	  /* the token shows keys, and none of them is this certificate's */
	bool cannot_sign; /* its key is seen, and says so */
};

struct certificates {
	struct certificate *items;
	size_t count;
	size_t
	    unreadable; /* certificate objects that are no X.509 certificate, or not a sound one */
};

/*
 * Reads every X.509 certificate of the token, each one's bytes once, and leaves out CA
 * certificates. A certificate that cannot be parsed is counted and passed over: it must not hide
 * the others. Returns 0 (also for none) or a failure of the driver.
 */
int certificates_read(const struct token *token, struct certificates *ret, struct failure *failure);

/*
 * The same in a fraction of the time, for whoever asks when they end and whose they are: their
 * public keys are not decoded, X509_get0_pubkey of them is NULL.
 */
int certificates_read_keyless(const struct token *token, struct certificates *ret,
			      struct failure *failure);

/*
 * Whether the token, which shows no certificate, may show some after a login: it wants one, and
 * shows keys. Of a token that shows nothing at all this is not said: it may as well be empty.
 */
int certificates_may_hide(const struct token *token, bool *ret, struct failure *failure);

/*
 * Keeps the certificates that count: of those with one purpose (the same key, or the same
 * subject and keyUsage) only the one that ends last, so that an old one kept beside its
 * successor is not due. Encryption comes first, the order of renewal.
 */
void certificates_keep_current(struct certificates *certificates);

/*
 * Fills `keyless` and `cannot_sign` from the key objects that the session shows; before a login
 * many tokens show public keys only, some nothing: then nothing is claimed. No key needs to be
 * decoded.
 */
int certificates_pair(const struct token *token, struct certificates *certificates,
		      struct failure *failure);

/* `keyless` alone, as certificates_pair fills it, with as few calls to the card as tell it. */
int certificates_find_keyless(const struct token *token, struct certificates *certificates,
			      struct failure *failure);

/*
 * Leaves out what has no key on the token, which is nobody's to renew: after either of these and
 * before certificates_keep_current, lest a keyless one that ends later hides the person's own.
 */
void certificates_drop_keyless(struct certificates *certificates);

/* Whether another certificate of the same key and purpose ends later: nobody needs to look for the
 * key to know that this one has been renewed. */
bool certificates_is_renewed(const struct certificates *certificates, size_t index);

/* Of the same purpose, as above: the one may stand for the other. */
bool certificates_same_purpose(const struct certificate *a, const struct certificate *b);

/* Leaves one out; those behind it move up. */
void certificates_drop(struct certificates *certificates, size_t index);

/* Frees the contents; safe on a zeroed struct. */
void certificates_free(struct certificates *certificates);

#endif
