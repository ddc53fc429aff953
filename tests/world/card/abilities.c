/* SPDX-License-Identifier: MIT */
/*
 * test-card abilities: what a token lets a person do who has its PIN, found by doing it, in a line
 * each: NAME yes, or NAME and the answer. A certificate object is written under an id of its own,
 * moved and removed again; a key pair is made and stays, where the token destroys none.
 */
#include "tests/world/card/make.h"
#include "tests/world/card/proofs.h"

#include <stdio.h>
#include <time.h>

enum { ID_HELD = 1, ID_WRITTEN = 0x71, ID_MOVED = 0x72, ID_MADE = 0x73 };

static void tell(const char *name, CK_RV rv)
{
	if (rv == CKR_OK)
		printf("%s yes\n", name);
	else
		printf("%s 0x%lx\n", name, rv);
}

/* PKCS#11's texts are padded with blanks. */
static void tell_driver(CK_FUNCTION_LIST_PTR p11)
{
	CK_INFO info = {.flags = 0};
	int length = sizeof(info.libraryDescription);

	if (p11->C_GetInfo(&info) != CKR_OK)
		return;
	while (length > 0 && info.libraryDescription[length - 1] == ' ')
		length--;
	printf("driver %.*s\n", length, (const char *)info.libraryDescription);
	printf("version %d.%d\n", info.libraryVersion.major, info.libraryVersion.minor);
}

static X509 *held_certificate(const struct token *token)
{
	unsigned char id = ID_HELD;
	CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;
	struct bytes value = {.data = NULL};
	const unsigned char *at;
	X509 *certificate = NULL;

	if (object_by_id(token, CKO_CERTIFICATE, &(struct bytes){&id, 1}, &object) == 1 &&
	    object_read(token, object, CKA_VALUE, &value) == 0) {
		at = value.data;
		certificate = d2i_X509(NULL, &at, (long)value.length);
	}
	bytes_free(&value);
	return certificate;
}

static void try_signing(struct token *token, const char *pin, X509 *certificate)
{
	unsigned char id = ID_HELD;
	CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;

	if (object_by_id(token, CKO_PRIVATE_KEY, &(struct bytes){&id, 1}, &key) == 1 &&
	    prove_signing(token, key, pin, X509_get0_pubkey(certificate)))
		tell("sign", CKR_OK);
	else
		printf("sign no\n");
}

static CK_RV move(struct token *token, CK_OBJECT_HANDLE object)
{
	unsigned char id = ID_MOVED;
	CK_ATTRIBUTE attribute = {CKA_ID, &id, 1};

	return token->p11->C_SetAttributeValue(token->session, object, &attribute, 1);
}

/* Under an id without a key, and under the one of the certificate that is there. */
static void try_writing(struct token *token, X509 *certificate)
{
	unsigned char written = ID_WRITTEN, held = ID_HELD;
	CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;

	if (write_certificate(token, certificate, &(struct bytes){&written, 1}, "written") < 0 ||
	    object_by_id(token, CKO_CERTIFICATE, &(struct bytes){&written, 1}, &object) != 1) {
		printf("write no\n");
		return;
	}
	tell("write", CKR_OK);
	tell("move", move(token, object));
	tell("remove", token->p11->C_DestroyObject(token->session, object));
	printf("twice %s\n",
	       write_certificate(token, certificate, &(struct bytes){&held, 1}, "twice") == 0
		   ? "yes"
		   : "no");
}

/* Another one for the same key: some tokens take no certificate that they have. */
static X509 *new_certificate(const struct order *order, X509 *held)
{
	struct making making = {.order = order, .subject = issue_name(order->subject)};
	int64_t now = time(NULL);
	X509 *certificate = NULL;

	if (making.subject != NULL && issue_ca_open(order->ca, "", &making.ca) == 0)
		(void)certify(&making, X509_get0_pubkey(held), ISSUE_SIGNATURE, now, now + 86400,
			      false, &certificate);
	issue_ca_close(&making.ca);
	X509_NAME_free(making.subject);
	return certificate;
}

static void try_making_key(struct token *token, const struct order *order)
{
	unsigned char id = ID_MADE;
	struct key_wish wish = {
	    .type = order->key, .id = {&id, 1}, .label = "made", .sign = true, .private = true};
	EVP_PKEY *key = NULL;
	CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;

	if (generate_pair(token, &wish, &key) < 0) {
		printf("new-key no\n");
		return;
	}
	EVP_PKEY_free(key);
	tell("new-key", CKR_OK);
	if (object_by_id(token, CKO_PRIVATE_KEY, &wish.id, &object) == 1)
		tell("remove-key", token->p11->C_DestroyObject(token->session, object));
}

static int try_all(struct token *token, const struct order *order)
{
	X509 *held = NULL, *other = NULL;

	if (token_open(token, true) < 0)
		return -1;
	held = held_certificate(token);
	printf("read %s\n", held != NULL ? "yes" : "no");
	if (held != NULL)
		other = new_certificate(order, held);
	if (other != NULL && token_login(token, CKU_USER, order->pin) == 0) {
		try_signing(token, order->pin, held);
		try_making_key(token, order);
		try_writing(token, other);
	}
	X509_free(other);
	X509_free(held);
	token_close(token);
	return 0;
}

int list_abilities(const struct order *order)
{
	CK_FUNCTION_LIST_PTR p11 = NULL;
	struct token token;
	int rc = -1;

	if (module_open(order->module, order->init_args, &p11) < 0)
		return 1;
	tell_driver(p11);
	if (token_find(p11, order->label, order->serial, 0, &token) == 1)
		rc = try_all(&token, order);
	else
		complain("no such token");
	module_close(p11);
	return rc == 0 ? 0 : 1;
}
