/* SPDX-License-Identifier: MIT */
#include "tests/world/ra/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>

#include "tests/world/ra/phrases.h"
#include "tests/world/ra/store.h"

enum { VALUE_MAX = 1024 };

/* --- the fields ------------------------------------------------------------------------------ */

static char decoded(const char **at, const char *end)
{
	char digits[3] = "", c = *(*at)++;

	if (c == '+')
		return ' ';
	if (c != '%' || end - *at < 2)
		return c;
	memcpy(digits, *at, 2);
	*at += 2;
	return (char)strtol(digits, NULL, 16);
}

/* False: there is no such field. */
static bool field(const struct http_request *request, const char *name, char ret[VALUE_MAX])
{
	const char *at = request->body, *end = at + request->length;
	size_t length = strlen(name);

	while (at < end) {
		const char *stop = memchr(at, '&', (size_t)(end - at));
		size_t used = 0;

		if (!stop)
			stop = end;
		if ((size_t)(stop - at) > length && memcmp(at, name, length) == 0 &&
		    at[length] == '=') {
			at += length + 1;
			while (at < stop && used + 1 < VALUE_MAX)
				ret[used++] = decoded(&at, stop);
			ret[used] = '\0';
			return true;
		}
		at = stop + 1;
	}
	return false;
}

/* 0x… or decimal → as the index has it. */
static bool serial_of(const char *text, char ret[VALUE_MAX])
{
	bool hexadecimal = strncmp(text, "0x", 2) == 0;
	BIGNUM *number = NULL;
	int used = hexadecimal ? BN_hex2bn(&number, text + 2) : BN_dec2bn(&number, text);
	char *hex = used > 0 ? BN_bn2hex(number) : NULL;

	snprintf(ret, VALUE_MAX, "%s", hex ? hex : "");
	OPENSSL_free(hex);
	BN_free(number);
	return ret[0] != '\0';
}

/* --- the answers ----------------------------------------------------------------------------- */

static void page(struct http_answer *ret, unsigned status, const char *script)
{
	char *text = NULL;

	if (asprintf(&text,
		     "<!DOCTYPE html><html><head><title>Revocation</title><script>\n"
		     "header = new Object();\n%s\n</script></head><body></body></html>\n",
		     script) < 0)
		text = NULL;
	http_body(ret, status, "text/html; charset=UTF-8", text);
}

static void tell(enum revoked result, struct http_answer *ret)
{
	switch (result) {
	case REVOKED:
		page(ret, MHD_HTTP_OK, "header.revoked = \"yes\";");
		break;
	case REVOKED_BEFORE:
		page(ret, MHD_HTTP_OK, "record.error = \"Certificate is already revoked.\";");
		break;
	case REVOKED_UNKNOWN:
		page(ret, MHD_HTTP_OK, "result.error = \"No matched certificate is found\";");
		break;
	case REVOKED_NOT_FOR_THIS_REASON:
		page(ret, MHD_HTTP_OK, "result.error = \"This reason is not permitted\";");
		break;
	case REVOKED_ERROR:
		page(ret, MHD_HTTP_INTERNAL_SERVER_ERROR, "result.error = \"internal\";");
		break;
	}
}

static void decide(struct ra *ra, const struct http_request *request, struct http_answer *ret)
{
	char text[VALUE_MAX] = "", serial[VALUE_MAX] = "", given[VALUE_MAX] = "";
	char reason[VALUE_MAX] = "0", phrase[PHRASE_MAX];

	(void)field(request, "reasonCode", reason);
	if (!field(request, "certSerialToRevoke", text) || !serial_of(text, serial) ||
	    !field(request, "challengePhrase", given))
		page(ret, MHD_HTTP_BAD_REQUEST, "result.error = \"a field is missing\";");
	else if (phrase_is_limited(ra, serial))
		page(ret, MHD_HTTP_OK, "result.error = \"too many wrong phrases\";");
	else if (!phrase_of(ra, serial, phrase))
		page(ret, MHD_HTTP_OK, "result.error = \"No matched certificate is found\";");
	else if (strcmp(phrase, given) != 0) {
		phrase_was_wrong(ra, serial);
		page(ret, MHD_HTTP_OK, "result.error = \"Invalid Credential.\";");
	} else {
		tell(revoke_certificate(ra, "form", serial, atoi(reason)), ret);
	}
}

static void serve(struct ra *ra, const struct http_request *request, struct http_answer *ret)
{
	static const char type[] = "application/x-www-form-urlencoded";
	const struct misbehave_answer *instead =
	    misbehave_instead(&ra->misbehave, request->path, false, 0);

	if (!request->content_type || strcmp(request->content_type, type) != 0) {
		page(ret, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "result.error = \"no form\";");
	} else if (instead) {
		http_text(ret, instead->status, "%s", instead->body);
		if (instead->header)
			MHD_add_response_header(ret->response, instead->header, instead->value);
	} else {
		store_lock(ra->store);
		decide(ra, request, ret);
		store_unlock(ra->store);
	}
}

const struct http_endpoint form_endpoints[] = {
    {MHD_HTTP_METHOD_POST, "/ca/ee/ca/challengeRevocation1", serve},
    {0},
};
