/* SPDX-License-Identifier: MIT */
#include "helper/lookup/reach.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include "conf/config.h"
#include "helper/ca/anchors.h"
#include "helper/ca/est_codec.h"
#include "helper/ca/http.h"
#include "helper/ca/retry_after.h"
#include "helper/card/naming.h"
#include "helper/command/exit.h"
#include "helper/lookup/settings.h"

/* An administrator waits for it. */
enum { PATIENCE = 15 };

/* EST's one operation that anybody may ask for (RFC 7030 §4.1). */
static void address_of(const struct config_ca *ca, char *out, size_t size)
{
	size_t length = strlen(ca->url);

	while (length > 0 && ca->url[length - 1] == '/')
		length--;
	if (ca->protocol == PROTOCOL_EST)
		snprintf(out, size, "%.*s/cacerts", (int)length, ca->url);
	else
		snprintf(out, size, "%s", ca->url);
}

/* --- whether what it issues would be accepted ----------------------------------------------- */

/* Whether one of these leads to an anchor, whatever it is for. */
static bool leads_to(X509_STORE *anchors, STACK_OF(X509) *certificates)
{
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	bool found = false;

	ERR_set_mark();
	for (int i = 0; context != NULL && !found && i < sk_X509_num(certificates); i++) {
		found = X509_STORE_CTX_init(context, anchors, sk_X509_value(certificates, i),
					    certificates) == 1 &&
			X509_verify_cert(context) == 1;
		X509_STORE_CTX_cleanup(context);
	}
	ERR_pop_to_mark();
	X509_STORE_CTX_free(context);
	return found;
}

/* The other way round, for who trusts an issuing CA below those that the RA shows. */
static bool is_led_to(X509_STORE *anchors, STACK_OF(X509) *certificates)
{
	X509_STORE *shown = X509_STORE_new();
	STACK_OF(X509) *trusted = X509_STORE_get1_all_certs(anchors);
	bool found = shown != NULL && X509_STORE_set_flags(shown, X509_V_FLAG_PARTIAL_CHAIN) == 1;

	for (int i = 0; found && i < sk_X509_num(certificates); i++)
		found = X509_STORE_add_cert(shown, sk_X509_value(certificates, i)) == 1;
	found = found && leads_to(shown, trusted);
	sk_X509_pop_free(trusted, X509_free);
	X509_STORE_free(shown);
	return found;
}

/* The RA's TLS certificate may be another CA's: that `trust` vouches for it says nothing of what is
 * issued, and the RA's own CAs (RFC 7030 §4.1.3) do. */
static void judge_certificates(const struct config_ca *ca, const struct http_answer *answer,
			       struct failure *failure)
{
	STACK_OF(X509) *certificates = NULL;
	X509_STORE *anchors = NULL;
	char issuer[NAMING_MAX];

	if (est_decode_certificates(answer->body, answer->length, &certificates, failure) == 0 &&
	    anchors_load(ca->trust, &anchors, failure) == 0 && !leads_to(anchors, certificates) &&
	    !is_led_to(anchors, certificates))
		fail(failure, FAILURE_ISSUED_UNTRUSTED, "%.400s",
		     naming_whole(X509_get_subject_name(sk_X509_value(certificates, 0)), issuer,
				  sizeof(issuer)));
	sk_X509_pop_free(certificates, X509_free);
	X509_STORE_free(anchors);
}

/* --- the section's answer -------------------------------------------------------------------- */

static void reach(const struct config_ca *configured, struct reach *ret)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct config_ca ca = *configured;
	struct http_answer answer = {0};
	struct http *http = NULL;
	char url[4096];
	int64_t date = 0, now;

	if (ca.timeout > PATIENCE)
		ca.timeout = PATIENCE;
	address_of(&ca, url, sizeof(url));
	if (http_open(&ca, NULL, NULL, &http, &failure) == 0 &&
	    http_get(http, url, &answer, &failure) == 0) {
		now = (int64_t)time(NULL);
		ret->status = (int32_t)answer.status;
		ret->dated = http_date(answer.date, now, &date);
		ret->ahead = ret->dated ? now - date : 0;
		if (ca.protocol == PROTOCOL_EST && answer.status == 200)
			judge_certificates(&ca, &answer, &failure);
	}
	ret->code = failure.code;
	snprintf(ret->detail, sizeof(ret->detail), "%s", failure.detail);
	http_answer_clear(&answer);
	http_close(http);
}

int reach_main(void)
{
	struct config *config = NULL;
	int result = EXIT_FINE;

	if (settings_load(&config) != EXIT_FINE)
		return EXIT_ERROR;
	for (size_t i = 0; i < config->ca_count && result == EXIT_FINE; i++) {
		struct reach one = {.code = FAILURE_NONE};

		reach(&config->cas[i], &one);
		if (write(STDOUT_FILENO, &one, sizeof(one)) != (ssize_t)sizeof(one))
			result = EXIT_ERROR;
	}
	config_free(config);
	return result;
}
