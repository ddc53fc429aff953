/* SPDX-License-Identifier: MIT */
/*
 * test-card prove: that the card still does what it is for. Of each role, the certificate that
 * ends last must fit the private key with its CKA_ID, shown by use of the key.
 */
#include "tests/world/card/proofs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/x509v3.h>

#include "tests/world/ca/issue.h"
#include "tests/world/card/order.h"

struct current {
	X509 *certificate;
	struct bytes id;
};

static X509 *read_x509(const struct token *token, CK_OBJECT_HANDLE object)
{
	struct bytes value = {0};
	const unsigned char *at;
	X509 *certificate = NULL;

	if (object_number(token, object, CKA_CERTIFICATE_TYPE) == CKC_X_509 &&
	    object_read(token, object, CKA_VALUE, &value) == 0) {
		at = value.data;
		certificate = d2i_X509(NULL, &at, (long)value.length);
	}
	bytes_free(&value);
	return certificate;
}

static bool replaces(X509 *certificate, enum issue_role role, X509 *current)
{
	int days = 0;
	int rest = 0;

	if (certificate == NULL || X509_check_ca(certificate) > 0 ||
	    issue_role_of(X509_get_key_usage(certificate)) != role)
		return false;
	if (current == NULL)
		return true;
	ASN1_TIME_diff(&days, &rest, X509_get0_notAfter(current), X509_get0_notAfter(certificate));
	return days > 0 || rest > 0;
}

static int find_current(const struct token *token, enum issue_role role,
			struct current *ret_current)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE *objects = NULL;
	CK_OBJECT_HANDLE best = CK_INVALID_HANDLE;
	X509 *current = NULL;
	size_t count = 0;
	int rc = -1;

	if (object_find(token, &template, 1, &objects, &count) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		X509 *certificate = read_x509(token, objects[i]);

		if (replaces(certificate, role, current)) {
			X509_free(current);
			current = certificate;
			best = objects[i];
		} else {
			X509_free(certificate);
		}
	}
	free(objects);
	if (current != NULL && object_read(token, best, CKA_ID, &ret_current->id) == 0) {
		ret_current->certificate = current;
		rc = 0;
	} else {
		X509_free(current);
	}
	return rc;
}

/* By signing, where the key may; by what it is for, where it is an encryption key. */
static const char *prove_one(struct token *token, CK_OBJECT_HANDLE key, EVP_PKEY *public_key,
			     const char *pin, enum issue_role role)
{
	bool signs = object_flag(token, key, CKA_SIGN);

	if (!signs && role != ISSUE_ENCRYPTION)
		return "the key cannot sign";
	if (signs && !prove_signing(token, key, pin, public_key))
		return "the key's signature does not verify";
	if (role == ISSUE_SIGNATURE)
		return NULL;
	if (EVP_PKEY_is_a(public_key, "RSA"))
		return prove_decryption(token, key, pin, public_key) ? NULL : "cannot decrypt";
	return prove_agreement(token, key, public_key) ? NULL : "cannot agree on a key";
}

/* Several keys may share a CKA_ID. */
static const char *prove_key(struct token *token, const struct current *current, const char *pin,
			     enum issue_role role)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE template[] = {
	    {CKA_CLASS, &class, sizeof(class)},
	    {CKA_ID, current->id.data, current->id.length},
	};
	CK_OBJECT_HANDLE *keys = NULL;
	const char *problem = "no key";
	size_t count = 0;

	if (object_find(token, template, 2, &keys, &count) < 0)
		return problem;
	for (size_t i = 0; i < count && problem != NULL; i++)
		problem =
		    prove_one(token, keys[i], X509_get0_pubkey(current->certificate), pin, role);
	free(keys);
	return problem;
}

static int prove_role(struct token *token, const char *name, const char *pin)
{
	struct current current = {0};
	enum issue_role role;
	const char *problem;

	if (issue_role_parse(name, &role) < 0)
		return complain("a role is signature, encryption or both");
	problem = find_current(token, role, &current) < 0 ? "no certificate"
							  : prove_key(token, &current, pin, role);
	printf("%s %s\n", name, problem == NULL ? "ok" : problem);
	X509_free(current.certificate);
	bytes_free(&current.id);
	return problem == NULL ? 0 : -1;
}

static int prove_token(struct token *token, const struct order *order)
{
	char *roles = strdup(order->roles);
	char *rest = NULL;
	int rc = roles == NULL || token_open(token, false) < 0 ||
			 token_login(token, CKU_USER, order->pin) < 0
		     ? -1
		     : 0;

	if (rc == 0) {
		for (char *name = strtok_r(roles, ",", &rest); name != NULL;
		     name = strtok_r(NULL, ",", &rest)) {
			if (prove_role(token, name, order->pin) < 0)
				rc = -1;
		}
	}
	token_close(token);
	free(roles);
	return rc;
}

int prove_card(const struct order *order)
{
	CK_FUNCTION_LIST_PTR p11 = NULL;
	struct token token;
	int rc = -1;

	if (module_open(order->module, order->init_args, &p11) < 0)
		return 1;
	if (token_find(p11, order->label, order->serial, 0, &token) == 1)
		rc = prove_token(&token, order);
	else
		complain("no such token");
	module_close(p11);
	return rc == 0 ? 0 : 1;
}
