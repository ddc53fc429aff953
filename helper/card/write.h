/* SPDX-License-Identifier: MIT */
/* Changing what is on the card: the four steps that renewal.c puts in order. */
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
 * The certificate objects with exactly these bytes; the caller frees *ret. A write that was
 * interrupted may have answered an error and be there: look before writing again.
 */
int write_find(const struct token *token, X509 *certificate, CK_OBJECT_HANDLE **ret,
	       size_t *ret_count, struct failure *failure);

/* Creates a public token certificate object. */
int write_certificate(struct token *token, X509 *certificate, const struct object_id *id,
		      const struct object_label *label, struct failure *failure);

/* Gives a certificate object another CKA_ID. */
int write_move(struct token *token, CK_OBJECT_HANDLE object, const struct object_id *id,
	       struct failure *failure);

int write_remove(struct token *token, CK_OBJECT_HANDLE object, struct failure *failure);

#endif
