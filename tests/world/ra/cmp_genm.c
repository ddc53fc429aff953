/* SPDX-License-Identifier: MIT */
/* A general message with a new phrase (revPassphrase, RFC 9810 §5.3.19.9), for the sender's name.
 */
#include <string.h>

#include <openssl/crmf.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "tests/world/ra/cmp.h"
#include "tests/world/ra/phrases.h"
#include "tests/world/ra/store.h"

enum { KEY = 32, BLOCK = 16 };

/* A BIT STRING begins with the number of its unused bits. */
static bool unwrap(EVP_PKEY *key, const struct der *wrapped, unsigned char ret[KEY])
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
	unsigned char plain[1024];
	size_t length = sizeof plain;
	bool done = context && wrapped->end - wrapped->content > 1 &&
		    EVP_PKEY_decrypt_init(context) == 1 &&
		    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
		    EVP_PKEY_decrypt(context, plain, &length, wrapped->content + 1,
				     (size_t)(wrapped->end - wrapped->content - 1)) == 1 &&
		    length == KEY;

	if (done)
		memcpy(ret, plain, KEY);
	EVP_PKEY_CTX_free(context);
	return done;
}

static bool decipher(const unsigned char key[KEY], const struct der *iv, const struct der *value,
		     char ret[PHRASE_MAX])
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	unsigned char plain[PHRASE_MAX + 2 * BLOCK];
	int length = 0, last = 0;
	bool done = context && iv->end - iv->content == BLOCK && value->end - value->content > 1 &&
		    value->end - value->content - 1 <= PHRASE_MAX + BLOCK &&
		    EVP_DecryptInit_ex(context, EVP_aes_256_cbc(), NULL, key, iv->content) == 1 &&
		    EVP_DecryptUpdate(context, plain, &length, value->content + 1,
				      (int)(value->end - value->content - 1)) == 1 &&
		    EVP_DecryptFinal_ex(context, plain + length, &last) == 1 &&
		    length + last < PHRASE_MAX;

	if (done) {
		memcpy(ret, plain, (size_t)(length + last));
		ret[length + last] = '\0';
	}
	EVP_CIPHER_CTX_free(context);
	return done;
}

/* EncryptedValue (RFC 4211 §2.1): [1] symmAlg, [2] encSymmKey, encValue */
static bool open_value(const struct ra *ra, const unsigned char *bytes, int length,
		       char ret[PHRASE_MAX])
{
	struct der whole, algorithm, iv, wrapped, value;
	unsigned char key[KEY];

	return der_read(bytes, bytes + length, &whole) &&
	       der_tagged(&whole, CMP_TAG(1), 0, &algorithm) && der_child(&algorithm, 1, &iv) &&
	       der_tagged(&whole, 0x82, 0, &wrapped) && der_tagged(&whole, 0x03, 0, &value) &&
	       unwrap(ra->ca.key, &wrapped, key) && decipher(key, &iv, &value, ret);
}

static bool take(const struct cmp_transaction *transaction, const OSSL_CMP_ITAV *item)
{
	/* Of this type OpenSSL has an EncryptedValue, whatever its accessor says. */
	const OSSL_CRMF_ENCRYPTEDVALUE *encrypted =
	    (const OSSL_CRMF_ENCRYPTEDVALUE *)(const void *)OSSL_CMP_ITAV_get0_value(item);
	char name[PHRASE_NAME_MAX], phrase[PHRASE_MAX];
	unsigned char *der = NULL;
	int length = i2d_OSSL_CRMF_ENCRYPTEDVALUE(encrypted, &der);
	BIO *memory = BIO_new(BIO_s_mem());
	int used = -1;

	if (length > 0 && transaction->sender && memory &&
	    X509_NAME_print_ex(memory, transaction->sender, 0, XN_FLAG_RFC2253) >= 0)
		used = BIO_read(memory, name, sizeof name - 1);
	if (used > 0)
		name[used] = '\0';
	bool done = used > 0 && open_value(transaction->ra, der, length, phrase) &&
		    phrase_set(transaction->ra, name, phrase);
	if (used > 0)
		store_log_phrase(transaction->ra->store, name, done ? "set" : "unreadable");
	OPENSSL_free(der);
	BIO_free(memory);
	return done;
}

int cmp_genm(OSSL_CMP_SRV_CTX *server, const OSSL_CMP_MSG *message,
	     const STACK_OF(OSSL_CMP_ITAV) *in, STACK_OF(OSSL_CMP_ITAV) **ret)
{
	const struct cmp_transaction *transaction = OSSL_CMP_SRV_CTX_get0_custom_ctx(server);

	(void)message;
	*ret = sk_OSSL_CMP_ITAV_new_null();
	for (int i = 0; i < sk_OSSL_CMP_ITAV_num(in); i++) {
		const OSSL_CMP_ITAV *item = sk_OSSL_CMP_ITAV_value(in, i);

		if (OBJ_obj2nid(OSSL_CMP_ITAV_get0_type(item)) == NID_id_it_revPassphrase &&
		    !take(transaction, item))
			return 0;
	}
	return *ret != NULL;
}
