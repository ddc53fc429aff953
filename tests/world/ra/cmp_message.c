/* SPDX-License-Identifier: MIT */
#include "tests/world/ra/cmp_message.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

bool cmp_parts_read(const struct der_bytes *message, struct cmp_parts *ret)
{
	struct cmp_parts parts = {0};

	if (!der_read(message->data, message->data + message->length, &parts.message) ||
	    !der_child(&parts.message, 0, &parts.header) ||
	    !der_child(&parts.message, 1, &parts.body))
		return false;
	/* The recipient, too, has the tag of a transactionID. */
	(void)der_tagged(&parts.header, CMP_TAG(4), 3, &parts.transaction_id);
	(void)der_tagged(&parts.header, CMP_TAG(6), 3, &parts.recip_nonce);
	(void)der_tagged(&parts.message, CMP_TAG(0), 2, &parts.protection);
	*ret = parts;
	return true;
}

X509_NAME *cmp_sender(const struct cmp_parts *parts)
{
	struct der sender, name;

	if (!der_child(&parts->header, 1, &sender) || *sender.start != CMP_TAG(4) ||
	    !der_child(&sender, 0, &name))
		return NULL;
	const unsigned char *at = name.start;
	return d2i_X509_NAME(NULL, &at, name.end - name.start);
}

int cmp_count_certificates(const struct der_bytes *message)
{
	struct cmp_parts parts;
	struct der extra, list, certificate;
	int count = 0;

	if (!cmp_parts_read(message, &parts) ||
	    !der_tagged(&parts.message, CMP_TAG(1), 2, &extra) || !der_child(&extra, 0, &list))
		return 0;
	while (der_child(&list, count, &certificate))
		count++;
	return count;
}

bool cmp_request_read(const struct cmp_parts *parts, struct cmp_request *ret)
{
	struct cmp_request request = {0};
	struct der wanted;

	if (!der_child(&parts->body, 0, &request.messages) ||
	    !der_child(&request.messages, 0, &request.message) ||
	    !der_child(&request.message, 0, &wanted) || !der_child(&wanted, 1, &request.template) ||
	    !der_child(&request.message, 1, &request.popo))
		return false;
	request.proof = *request.popo.start;
	*ret = request;
	return true;
}

EVP_PKEY *cmp_request_key(const struct cmp_request *request)
{
	struct der_bytes key = {0};
	struct der tagged;

	if (!der_tagged(&request->template, CMP_TAG(6), 0, &tagged))
		return NULL;
	/* [6] IMPLICIT SubjectPublicKeyInfo */
	der_add(&key, tagged.start, (size_t)(tagged.end - tagged.start));
	key.data[0] = 0x30;
	const unsigned char *at = key.data;
	EVP_PKEY *result = d2i_PUBKEY(NULL, &at, (long)key.length);
	der_free(&key);
	return result;
}

void cmp_change(struct der_bytes *message, const struct der *path, size_t depth,
		const struct der_bytes *replacement)
{
	struct der_bytes changed;

	der_replace(path, depth, replacement, &changed);
	der_free(message);
	*message = changed;
}

/* --- protection --------------------------------------------------------------------------------
 */

static bool sign(EVP_PKEY *key, const struct der_bytes *text, struct der_bytes *ret)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char signature[1024];
	size_t length = sizeof signature;
	bool done = context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
		    EVP_DigestSign(context, signature, &length, text->data, text->length) == 1;

	EVP_MD_CTX_free(context);
	if (done) {
		der_add(ret, "", 1); /* a BIT STRING's unused bits */
		der_add(ret, signature, length);
		der_wrap(ret, 0x03);
		der_wrap(ret, CMP_TAG(0));
	}
	return done;
}

bool cmp_protect(struct der_bytes *message, EVP_PKEY *key)
{
	struct der_bytes text = {0}, protection = {0};
	struct cmp_parts parts;

	if (!cmp_parts_read(message, &parts))
		return false;
	if (!parts.protection.start)
		return true;
	der_add_element(&text, &parts.header);
	der_add_element(&text, &parts.body);
	der_wrap(&text, 0x30);
	bool done = sign(key, &text, &protection);
	if (done)
		cmp_change(message, (const struct der[]){parts.message, parts.protection}, 2,
			   &protection);
	der_free(&text);
	der_free(&protection);
	return done;
}

bool cmp_say_confirmed(struct der_bytes *error, EVP_PKEY *signer)
{
	/* PKIFailureInfo: bit 11, certConfirmed */
	static const unsigned char confirmed[] = {0x03, 0x03, 0x04, 0x00, 0x10};
	struct cmp_parts parts;
	struct der content, status, reason;
	struct der_bytes changed = {0};

	if (!cmp_parts_read(error, &parts) || !der_child(&parts.body, 0, &content) ||
	    !der_child(&content, 0, &status) || !der_tagged(&status, 0x03, 0, &reason))
		return false;
	der_add(&changed, confirmed, sizeof confirmed);
	cmp_change(error, (const struct der[]){parts.message, parts.body, content, status, reason},
		   5, &changed);
	der_free(&changed);
	return cmp_protect(error, signer);
}

/* --- an encrypted certificate ------------------------------------------------------------------
 */

enum { KEY_BYTES = 16, BLOCK = 16 };

static void add_bit_string(struct der_bytes *bytes, unsigned char tag, const void *bits,
			   size_t length)
{
	struct der_bytes string = {0};

	der_add(&string, "", 1);
	der_add(&string, bits, length);
	der_wrap(&string, tag);
	der_add(bytes, string.data, string.length);
	der_free(&string);
}

/* [1] IMPLICIT AlgorithmIdentifier { aes128-CBC, IV } */
static void add_cipher(struct der_bytes *bytes, const unsigned char *iv)
{
	static const unsigned char aes128_cbc[] = {0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
						   0x65, 0x03, 0x04, 0x01, 0x02};
	struct der_bytes algorithm = {0}, vector = {0};

	der_add(&vector, iv, BLOCK);
	der_wrap(&vector, 0x04);
	der_add(&algorithm, aes128_cbc, sizeof aes128_cbc);
	der_add(&algorithm, vector.data, vector.length);
	der_wrap(&algorithm, CMP_TAG(1));
	der_add(bytes, algorithm.data, algorithm.length);
	der_free(&algorithm);
	der_free(&vector);
}

static bool encrypt_key(EVP_PKEY *recipient, const unsigned char *key, unsigned char *ret,
			size_t *length)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(recipient, NULL);
	bool done = context && EVP_PKEY_encrypt_init(context) == 1 &&
		    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
		    EVP_PKEY_encrypt(context, ret, length, key, KEY_BYTES) == 1;

	EVP_PKEY_CTX_free(context);
	return done;
}

/* EncryptedValue (RFC 4211 appendix B) of these bytes. */
static bool encrypt(const struct der *plain, EVP_PKEY *recipient, struct der_bytes *ret)
{
	EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
	unsigned char key[KEY_BYTES], iv[BLOCK], wrapped[1024];
	size_t length = (size_t)(plain->end - plain->start), wrapped_length = sizeof wrapped;
	unsigned char *out = OPENSSL_malloc(length + BLOCK);
	int some = 0, rest = 0;
	bool done = out && cipher && RAND_bytes(key, sizeof key) == 1 &&
		    RAND_bytes(iv, sizeof iv) == 1 &&
		    EVP_EncryptInit_ex(cipher, EVP_aes_128_cbc(), NULL, key, iv) == 1 &&
		    EVP_EncryptUpdate(cipher, out, &some, plain->start, (int)length) == 1 &&
		    EVP_EncryptFinal_ex(cipher, out + some, &rest) == 1 &&
		    encrypt_key(recipient, key, wrapped, &wrapped_length);

	if (done) {
		add_cipher(ret, iv);
		add_bit_string(ret, 0x82, wrapped, wrapped_length);
		add_bit_string(ret, 0x03, out, (size_t)(some + rest));
		der_wrap(ret, 0x30);
		der_wrap(ret, CMP_TAG(1));
	}
	EVP_CIPHER_CTX_free(cipher);
	OPENSSL_free(out);
	return done;
}

bool cmp_encrypt_certificate(struct der_bytes *kup, EVP_PKEY *key)
{
	struct cmp_parts parts;
	struct der content, responses, response, pair, choice, certificate;
	struct der_bytes encrypted = {0};

	if (!cmp_parts_read(kup, &parts) || !der_child(&parts.body, 0, &content) ||
	    !der_tagged(&content, 0x30, 0, &responses) || !der_child(&responses, 0, &response) ||
	    !der_child(&response, 2, &pair) || !der_child(&pair, 0, &choice) ||
	    !der_child(&choice, 0, &certificate) || !encrypt(&certificate, key, &encrypted))
		return false;
	cmp_change(kup,
		   (const struct der[]){parts.message, parts.body, content, responses, response,
					pair, choice},
		   7, &encrypted);
	der_free(&encrypted);
	return true;
}
