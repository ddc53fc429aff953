/* SPDX-License-Identifier: MIT */
#include "tests/world/ra/spoil.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "tests/world/ra/encoding.h"

#define DAY	   86400
#define HUGE_BYTES (UINT64_C(1) << 30)
#define JUNK_BYTES 1500 /* about as much as a certificate */

/* --- the certificate ------------------------------------------------------------------------- */

static EVP_PKEY *other_key(EVP_PKEY *key)
{
	return EVP_PKEY_is_a(key, "RSA") ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
}

/* Another person of the same organisation. */
static X509_NAME *other_subject(const X509_NAME *subject)
{
	X509_NAME *name = X509_NAME_dup(subject);
	int at = name ? X509_NAME_get_index_by_NID(name, NID_commonName, -1) : -1;

	if (at >= 0)
		X509_NAME_ENTRY_free(X509_NAME_delete_entry(name, at));
	if (!name ||
	    X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
				       (const unsigned char *)"Somebody Else", -1, -1, 0) != 1) {
		X509_NAME_free(name);
		return NULL;
	}
	return name;
}

static X509_EXTENSIONS *other_alternative_name(void)
{
	X509_EXTENSIONS *extensions = sk_X509_EXTENSION_new_null();
	X509_EXTENSION *names = X509V3_EXT_nconf_nid(NULL, NULL, NID_subject_alt_name,
						     "email:somebody.else@example.test");

	if (!extensions || !names || sk_X509_EXTENSION_push(extensions, names) <= 0) {
		X509_EXTENSION_free(names);
		sk_X509_EXTENSION_free(extensions);
		return NULL;
	}
	return extensions;
}

static enum issue_role other_role(enum issue_role role)
{
	return role == ISSUE_ENCRYPTION ? ISSUE_SIGNATURE : ISSUE_ENCRYPTION;
}

static void shorten(struct issue_order *order, int64_t old_not_after)
{
	order->not_after = old_not_after - DAY;
	if (order->not_before >= order->not_after)
		order->not_before = order->not_after - DAY;
}

static int spoil_contents(const struct misbehave *misbehave, struct issue_order *order,
			  struct spoilt *ret)
{
	if (misbehaves(misbehave, MISBEHAVE_WRONG_KEY)) {
		order->key = ret->key = other_key(order->key);
		if (!ret->key)
			return -1;
	}
	if (misbehaves(misbehave, MISBEHAVE_WRONG_SUBJECT)) {
		order->subject = ret->subject = other_subject(order->subject);
		if (!ret->subject)
			return -1;
	}
	if (misbehaves(misbehave, MISBEHAVE_WRONG_SAN)) {
		order->extra = ret->extra = other_alternative_name();
		if (!ret->extra)
			return -1;
	}
	return 0;
}

int spoil_order(const struct ra *ra, const struct misbehave *misbehave, struct issue_order *order,
		int64_t old_not_after, struct spoilt *ret)
{
	bool shorter = misbehaves(misbehave, MISBEHAVE_SHORTER);
	bool usage = misbehaves(misbehave, MISBEHAVE_WRONG_USAGE);
	bool unknown = misbehaves(misbehave, MISBEHAVE_UNKNOWN_ISSUER);

	*ret = (struct spoilt){.issuer = unknown ? &ra->rogue : &ra->ca};
	if (spoil_contents(misbehave, order, ret) < 0)
		return -1;
	if (shorter)
		shorten(order, old_not_after);
	if (usage)
		order->role = other_role(order->role);
	ret->is = shorter || usage || unknown || ret->key || ret->subject || ret->extra;
	return 0;
}

void spoilt_free(struct spoilt *spoilt)
{
	EVP_PKEY_free(spoilt->key);
	X509_NAME_free(spoilt->subject);
	sk_X509_EXTENSION_pop_free(spoilt->extra, X509_EXTENSION_free);
	*spoilt = (struct spoilt){0};
}

/* --- the body -------------------------------------------------------------------------------- */

struct stream {
	char *body;
	size_t length;
};

static void stream_free(void *closure)
{
	struct stream *stream = closure;

	free(stream->body);
	free(stream);
}

static ssize_t read_drip(void *closure, uint64_t at, char *out, size_t size)
{
	const struct stream *stream = closure;

	(void)size;
	if (!http_sleep(1))
		return MHD_CONTENT_READER_END_WITH_ERROR;
	*out = stream->body[at];
	return 1;
}

static ssize_t read_half(void *closure, uint64_t at, char *out, size_t size)
{
	const struct stream *stream = closure;
	size_t left = stream->length / 2 - (size_t)at;

	if (left == 0)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	memcpy(out, stream->body + at, left < size ? left : size);
	return (ssize_t)(left < size ? left : size);
}

static ssize_t read_huge(void *closure, uint64_t at, char *out, size_t size)
{
	uint64_t left = HUGE_BYTES - at;

	(void)closure;
	if (left == 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (size > left)
		size = (size_t)left;
	for (size_t i = 0; i < size; i++)
		out[i] = (at + i) % 65 == 64 ? '\n' : 'A';
	return (ssize_t)size;
}

/* Takes the body, if it succeeds. A block of one byte makes libmicrohttpd send byte by byte. */
static struct MHD_Response *stream_of(char *body, size_t length, size_t block,
				      MHD_ContentReaderCallback reader)
{
	struct stream *stream = malloc(sizeof *stream);

	if (!stream)
		return NULL;
	*stream = (struct stream){body, length};
	return MHD_create_response_from_callback(stream->length, block, reader, stream,
						 stream_free);
}

static struct MHD_Response *garbage(void)
{
	unsigned char junk[JUNK_BYTES];

	RAND_bytes(junk, sizeof junk);
	return MHD_create_response_from_buffer(sizeof junk, junk, MHD_RESPMEM_MUST_COPY);
}

static char *garbage_base64(void)
{
	unsigned char junk[JUNK_BYTES];

	RAND_bytes(junk, sizeof junk);
	return encoding_base64(junk, sizeof junk, 64, "\n");
}

/* An answer in place of the honest body, which it takes; NULL: the body is to be as it is. */
static struct MHD_Response *spoilt_response(const struct misbehave *misbehave, char *body,
					    size_t length)
{
	if (misbehaves(misbehave, MISBEHAVE_DRIP))
		return stream_of(body, length, 1, read_drip);
	if (misbehaves(misbehave, MISBEHAVE_HALF))
		return stream_of(body, length, 4096, read_half);

	struct MHD_Response *response = NULL;
	if (misbehaves(misbehave, MISBEHAVE_GARBAGE))
		response = garbage();
	else if (misbehaves(misbehave, MISBEHAVE_EMPTY))
		response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	else if (misbehaves(misbehave, MISBEHAVE_HUGE))
		response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 65536, read_huge,
							     NULL, NULL);
	if (response)
		free(body);
	return response;
}

void spoil_body(const struct misbehave *misbehave, struct http_answer *ret, unsigned status,
		const char *type, char *body, size_t length)
{
	if (misbehaves(misbehave, MISBEHAVE_STALL)) {
		free(body);
		*ret = (struct http_answer){0};
		return;
	}
	if (misbehaves(misbehave, MISBEHAVE_GARBAGE_BASE64)) {
		free(body);
		body = garbage_base64();
		length = body ? strlen(body) : 0;
	}
	struct MHD_Response *response = body ? spoilt_response(misbehave, body, length) : NULL;
	if (!response) {
		http_bytes(ret, status, type, body, body ? length : 0);
		return;
	}
	ret->status = status;
	ret->response = response;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
}
