/* SPDX-License-Identifier: MIT */
#include "tests/world/card/make.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/objects.h>

struct key_kind {
	CK_MECHANISM_TYPE mechanism;
	CK_KEY_TYPE type;
	CK_ULONG bits; /* RSA */
	int curve;     /* otherwise: an OpenSSL NID */
};

static int read_kind(const char *text, struct key_kind *ret_kind)
{
	if (strncmp(text, "rsa:", 4) == 0) {
		*ret_kind = (struct key_kind){CKM_RSA_PKCS_KEY_PAIR_GEN, CKK_RSA,
					      strtoul(text + 4, NULL, 10), NID_undef};
		return ret_kind->bits >= 512 ? 0 : complain("not a size of an RSA key");
	}
	if (strncmp(text, "ec:", 3) == 0) {
		*ret_kind =
		    (struct key_kind){CKM_EC_KEY_PAIR_GEN, CKK_EC, 0, EC_curve_nist2nid(text + 3)};
		return ret_kind->curve != NID_undef ? 0 : complain("not a curve's name");
	}
	if (strcmp(text, "ed25519") == 0) {
		*ret_kind =
		    (struct key_kind){CKM_EC_EDWARDS_KEY_PAIR_GEN, CKK_EC_EDWARDS, 0, NID_ED25519};
		return 0;
	}
	return complain("a key is rsa:BITS or ec:CURVE");
}

/* What the type needs to be made by; `curve` must outlive the template. */
static CK_ULONG add_size(CK_ATTRIBUTE *template, struct key_kind *kind, struct bytes *curve)
{
	static CK_BYTE f4[] = {1, 0, 1};
	unsigned char *der = NULL;

	if (kind->type == CKK_RSA) {
		template[0] = (CK_ATTRIBUTE){CKA_MODULUS_BITS, &kind->bits, sizeof(kind->bits)};
		template[1] = (CK_ATTRIBUTE){CKA_PUBLIC_EXPONENT, f4, sizeof(f4)};
		return 2;
	}
	curve->length = (size_t)i2d_ASN1_OBJECT(OBJ_nid2obj(kind->curve), &der);
	curve->data = der;
	template[0] = (CK_ATTRIBUTE){CKA_EC_PARAMS, curve->data, curve->length};
	return 1;
}

/* What a key is not for; the rest of the template is moved up. */
static CK_ULONG leave_out_false(CK_ATTRIBUTE *template, CK_ULONG count)
{
	CK_ULONG kept = 0;

	for (CK_ULONG i = 0; i < count; i++) {
		bool purpose = template[i].type >= CKA_ENCRYPT && template[i].type <= CKA_DERIVE;

		if (!purpose || *(const CK_BBOOL *)template[i].pValue)
			template[kept++] = template[i];
	}
	return kept;
}

static int generate(struct token *token, const struct key_wish *wish, struct key_kind *kind,
		    CK_OBJECT_HANDLE *ret_public)
{
	CK_BBOOL yes = CK_TRUE;
	CK_BBOOL no = CK_FALSE;
	CK_BBOOL sign = wish->sign;
	CK_BBOOL decrypt = wish->decrypt && kind->type == CKK_RSA;
	CK_BBOOL derive = wish->decrypt && kind->type == CKK_EC;
	CK_BBOOL private = wish->private;
	CK_BBOOL always = wish->always_authenticate;
	void *label = (void *)wish->label;
	CK_ULONG label_length = strlen(wish->label);
	CK_ATTRIBUTE public_template[10] = {
	    {CKA_TOKEN, &yes, 1},
	    {CKA_PRIVATE, &no, 1},
	    {CKA_ID, wish->id.data, wish->id.length},
	    {CKA_LABEL, label, label_length},
	    {CKA_VERIFY, &sign, 1},
	    {CKA_ENCRYPT, &decrypt, 1},
	};
	CK_ATTRIBUTE private_template[] = {
	    {CKA_TOKEN, &yes, 1},
	    {CKA_PRIVATE, &private, 1},
	    {CKA_SENSITIVE, &yes, 1},
	    {CKA_EXTRACTABLE, &no, 1},
	    {CKA_ID, wish->id.data, wish->id.length},
	    {CKA_LABEL, label, label_length},
	    {CKA_SIGN, &sign, 1},
	    {CKA_DECRYPT, &decrypt, 1},
	    {CKA_DERIVE, &derive, 1},
	    {CKA_ALWAYS_AUTHENTICATE, &always, 1}, /* last: left out unless wished */
	};
	CK_ULONG private_count =
	    sizeof(private_template) / sizeof(private_template[0]) - (always ? 0 : 1);
	CK_MECHANISM mechanism = {kind->mechanism, NULL, 0};
	struct bytes curve = {0};
	CK_ULONG public_count = 6 + add_size(public_template + 6, kind, &curve);
	CK_OBJECT_HANDLE private_key;
	CK_RV rv = token->p11->C_GenerateKeyPair(token->session, &mechanism, public_template,
						 public_count, private_template, private_count,
						 ret_public, &private_key);

	/* Some tokens have no words for what a key is not for. */
	if (rv == CKR_GENERAL_ERROR) {
		public_count = leave_out_false(public_template, public_count);
		private_count = leave_out_false(private_template, private_count);
		rv = token->p11->C_GenerateKeyPair(token->session, &mechanism, public_template,
						   public_count, private_template, private_count,
						   ret_public, &private_key);
	}
	OPENSSL_free(curve.data);
	return rv == CKR_OK ? 0 : complain_rv("C_GenerateKeyPair", rv);
}

int generate_pair(struct token *token, const struct key_wish *wish, EVP_PKEY **ret_public)
{
	CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;
	struct key_kind kind;
	EVP_PKEY *key;

	if (read_kind(wish->type, &kind) < 0 || generate(token, wish, &kind, &object) < 0)
		return -1;
	key = object_public_key(token, object);
	if (key == NULL)
		return complain("the generated public key cannot be read");
	*ret_public = key;
	return 0;
}
