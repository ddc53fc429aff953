/* SPDX-License-Identifier: MIT */
/* The keys of the card, and the connections to CAs, that are in use while the PIN holds. */
#ifndef CERTRENEW_SESSION_H
#define CERTRENEW_SESSION_H

#include "helper/renewal/renewal.h"

enum { KEYS_MAX = ITEMS_MAX + 1 };

struct open_key {
	CK_OBJECT_HANDLE object;
	struct object_id id;
	bool signs; /* it may, and the token has the mechanism */
	struct key *key;
};

struct open_ca {
	const struct config_ca *settings;
	const struct ca_protocol *protocol;
	struct ca *ca;
	struct ca_identity identity;
};

struct session {
	struct renewal *renewal;
	struct open_key keys[KEYS_MAX];
	size_t key_count;
	struct open_ca cas[ITEMS_MAX];
	size_t ca_count;
};

/* One connection for all certificates of one CA; *ret is borrowed. */
int session_ca(struct session *session, const struct item *item, struct open_ca **ret,
	       struct failure *failure);

/* Somebody with a key on the card that signs; what *ret holds is borrowed. */
int session_identity(struct session *session, const struct object_id *id, X509 *certificate,
		     struct ca_identity *ret, struct failure *failure);

/* The key that the new certificate is for: the old one, or one that is made on the card now, and
 * found again from then on. *ret is borrowed. */
int session_key_to_certify(struct session *session, struct item *item, const struct key **ret,
			   struct failure *failure);

/* What a part with the card and the CA returned, said better: a key that does not sign says little,
 * why it was refused, or a card that is gone, says all. Before session_close. */
int session_explain(struct renewal *renewal, int result, struct failure *failure);

/* Before the card is logged out; it is by this, where a key has refused the PIN. */
void session_close(struct session *session);

#endif
