/* SPDX-License-Identifier: MIT */
/*
 * A CA's web form: application/x-www-form-urlencoded over HTTPS, its fields and the words of its
 * answers as the configuration says. Dogtag's challenge form is what the defaults are made for.
 */
#include "helper/ca/revocation.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include <openssl/bn.h>

#include "helper/ca/http_status.h"
#include "helper/card/naming.h"

enum { BODY_MAX = 16384 };

/*
 * The body holds the phrase: a mapping of its own, as secret.c's, wiped at the end. libcurl and the
 * TLS library have copies of their own meanwhile; this process leaves no core.
 */
struct body {
	size_t length;
	bool full;
	char bytes[BODY_MAX];
};

static struct body *body_new(void)
{
	struct body *body =
	    mmap(NULL, sizeof(*body), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (body == MAP_FAILED)
		return NULL;
	(void)mlock(body, sizeof(*body));
	(void)madvise(body, sizeof(*body), MADV_DONTDUMP);
	return body;
}

static void body_free(struct body *body)
{
	if (body == NULL)
		return;
	explicit_bzero(body, sizeof(*body));
	munmap(body, sizeof(*body));
}

/* --- the fields --------------------------------------------------------------------------------
 */

static void add(struct body *body, const char *bytes, size_t length)
{
	if (length > sizeof(body->bytes) - body->length) {
		body->full = true;
		return;
	}
	memcpy(body->bytes + body->length, bytes, length);
	body->length += length;
}

/* RFC 3986 §2.1, §2.3: what is not unreserved is percent-encoded. */
static void add_encoded(struct body *body, const unsigned char *text, size_t length)
{
	static const char digits[] = "0123456789ABCDEF";
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					 "0123456789-._~";

	for (size_t i = 0; i < length; i++) {
		const char escaped[3] = {'%', digits[text[i] >> 4], digits[text[i] & 15]};

		if (text[i] != '\0' && strchr(unreserved, text[i]) != NULL)
			add(body, (const char *)text + i, 1);
		else
			add(body, escaped, sizeof(escaped));
	}
}

static void add_field(struct body *body, const char *name, size_t name_length,
		      const unsigned char *value, size_t length)
{
	if (body->length > 0)
		add(body, "&", 1);
	add_encoded(body, (const unsigned char *)name, name_length);
	add(body, "=", 1);
	add_encoded(body, value, length);
}

static void add_text(struct body *body, const char *name, const char *value)
{
	add_field(body, name, strlen(name), (const unsigned char *)value, strlen(value));
}

static bool add_serial(struct body *body, const struct config_form *form, X509 *certificate)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
	char *decimal = number == NULL ? NULL : BN_bn2dec(number);
	char hex[SERIAL_TEXT_MAX], prefixed[SERIAL_TEXT_MAX + 2];
	bool done = decimal != NULL;

	naming_serial(certificate, hex, sizeof(hex));
	snprintf(prefixed, sizeof(prefixed), "0x%s", hex);
	if (form->serial_format == SERIAL_DECIMAL)
		add_text(body, form->serial, done ? decimal : "");
	else
		add_text(body, form->serial, form->serial_format == SERIAL_0X ? prefixed : hex);
	OPENSSL_free(decimal);
	BN_free(number);
	return done;
}

static bool fill_in(struct body *body, const struct config_form *form,
		    const struct revocation_request *request)
{
	char number[16];
	bool done = add_serial(body, form, request->certificate);

	snprintf(number, sizeof(number), "%d", request->reason);
	if (strcmp(form->reason, "-") != 0)
		add_text(body, form->reason,
			 form->reason_format == REASON_NAME ? request->reason_name : number);
	for (char *const *field = form->fields; *field != NULL; field++) {
		size_t name = strcspn(*field, "=");
		const char *value = *field + name + 1;

		add_field(body, *field, name, (const unsigned char *)value, strlen(value));
	}
	add_field(body, form->phrase, strlen(form->phrase), request->phrase->bytes,
		  request->phrase->length);
	return done && !body->full;
}

/* --- the answer --------------------------------------------------------------------------------
 */

/* Why not comes before 'done': a page that repeats its form's texts must not pass for a success. */
int revocation_form_judge(const struct config_revocation *config, const struct http_answer *answer,
			  struct failure *failure)
{
	const char *text = (const char *)answer->body;
	enum failure_code sign = revocation_sign(&config->signs, text, answer->length);
	const char *success = config->form.success;
	int64_t retry_at = 0;
	int r = http_status(answer, config->url, (int64_t)time(NULL), &retry_at, failure);

	if (sign != FAILURE_NONE) {
		if (r == 0)
			fail(failure, sign, "%s: HTTP status %ld", config->url, answer->status);
		failure->code = sign;
		return -(int)sign;
	}
	if (r < 0)
		return r;
	if (answer->status == 202)
		return fail(failure, FAILURE_REVOKE_PENDING, "%s: HTTP status 202", config->url);
	if (text == NULL || memmem(text, answer->length, success, strlen(success)) == NULL)
		return fail(failure, FAILURE_REVOKE_UNCLEAR,
			    "%s: an answer of %zu bytes without [revocation] success", config->url,
			    answer->length);
	return 0;
}

static int form_revoke(const struct revocation_settings *settings,
		       const struct revocation_request *request, struct revocation_answer *ret,
		       struct failure *failure)
{
	static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded",
					      NULL};
	const struct config_revocation *config = settings->config;
	struct http_answer answer = {0};
	struct http *http = NULL;
	struct failure ignored;
	struct body *body = body_new();
	int r;

	if (failure == NULL)
		failure = &ignored;
	if (body == NULL || !fill_in(body, &config->form, request)) {
		r = fail(failure, FAILURE_SYSTEM, "the form cannot be filled in");
		goto out;
	}
	r = revocation_connect(settings, NULL, &http, failure);
	if (r == 0)
		r = http_post(http, config->url, headers, body->bytes, body->length, &answer,
			      failure);
	if (r == 0)
		r = revocation_form_judge(config, &answer, failure);
	if (r == 0)
		ret->said[0] = '\0'; /* a page, not a sentence */
out:
	http_answer_clear(&answer);
	http_close(http);
	body_free(body);
	return r;
}

const struct revocation_protocol revocation_form = {.revoke = form_revoke};
