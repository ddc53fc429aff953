/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "tests/world/ra/cmp.h"

const struct cmp_signer *cmp_spoil_signer(const struct ra *ra, const struct misbehave *misbehave)
{
	if (misbehaves(misbehave, MISBEHAVE_CMP_ROGUE_SIGNER))
		return &ra->signers->rogue;
	if (misbehaves(misbehave, MISBEHAVE_CMP_PERSON_SIGNER))
		return &ra->signers->person;
	return &ra->signers->ra;
}

/* Its last byte, which is a value's, is another one. */
static void flip(struct der_bytes *answer, const struct der *element)
{
	answer->data[element->end - answer->data - 1] ^= 1;
}

/* The signer is as before, and says that it is somebody else. */
static void rename_sender(struct der_bytes *answer, const struct cmp_parts *parts)
{
	X509_NAME *name = issue_name("/C=TW/CN=Somebody Else");
	struct der_bytes sender = {0};
	unsigned char *der = NULL;
	int length = name ? i2d_X509_NAME(name, &der) : -1;
	struct der old;

	if (length > 0 && der_child(&parts->header, 1, &old)) {
		der_add(&sender, der, (size_t)length);
		der_wrap(&sender, CMP_TAG(4));
		cmp_change(answer, (const struct der[]){parts->message, parts->header, old}, 3,
			   &sender);
	}
	OPENSSL_free(der);
	der_free(&sender);
	X509_NAME_free(name);
}

static void remove_protection(struct der_bytes *answer, const struct cmp_parts *parts)
{
	const struct der_bytes nothing = {0};

	cmp_change(answer, (const struct der[]){parts->message, parts->protection}, 2, &nothing);
}

/* A message whose every length field claims four gigabytes. */
static void claim_much(struct der_bytes *answer)
{
	static const unsigned char head[] = {0x30, 0x84, 0xff, 0xff, 0xff, 0xf0};

	if (answer->length > sizeof head)
		memcpy(answer->data, head, sizeof head);
}

static void spoil_header(const struct misbehave *misbehave, struct der_bytes *answer,
			 const struct cmp_parts *parts)
{
	if (misbehaves(misbehave, MISBEHAVE_CMP_TRANSACTION_ID) && parts->transaction_id.start)
		flip(answer, &parts->transaction_id);
	if (misbehaves(misbehave, MISBEHAVE_CMP_NONCE) && parts->recip_nonce.start)
		flip(answer, &parts->recip_nonce);
	if (misbehaves(misbehave, MISBEHAVE_CMP_SENDER))
		rename_sender(answer, parts);
}

static void spoil_bytes(const struct misbehave *misbehave, struct der_bytes *answer)
{
	if (misbehaves(misbehave, MISBEHAVE_CMP_TRUNCATED))
		answer->length /= 2;
	if (misbehaves(misbehave, MISBEHAVE_CMP_HUGE_LENGTH))
		claim_much(answer);
	if (misbehaves(misbehave, MISBEHAVE_CMP_TRAILING))
		der_add(answer, "\x30\x00", 2);
}

void cmp_spoil(const struct cmp_transaction *transaction, int to, struct der_bytes *answer)
{
	const struct misbehave *misbehave = transaction->misbehave;
	const struct cmp_signer *signer = cmp_spoil_signer(transaction->ra, misbehave);
	struct cmp_parts parts;

	if ((to != OSSL_CMP_KUR && to != CMP_BODY_RR && to != CMP_BODY_GENM) ||
	    !cmp_parts_read(answer, &parts))
		return;
	spoil_header(misbehave, answer, &parts);
	if ((transaction->by_mac ? cmp_rr_protect(transaction, answer)
				 : cmp_protect(answer, signer->key)) &&
	    cmp_parts_read(answer, &parts) && parts.protection.start) {
		if (misbehaves(misbehave, MISBEHAVE_CMP_PROTECTION))
			flip(answer, &parts.protection);
		if (misbehaves(misbehave, MISBEHAVE_CMP_NO_PROTECTION))
			remove_protection(answer, &parts);
	}
	spoil_bytes(misbehave, answer);
}

bool cmp_spoil_is_silent(const struct cmp_transaction *transaction, int to, bool again)
{
	return to == BODY_CERTCONF && !again &&
	       (misbehaves(transaction->misbehave, MISBEHAVE_CMP_CONFIRM_SILENT) ||
		misbehaves(transaction->misbehave, MISBEHAVE_CMP_CONFIRM_CLOSED));
}
