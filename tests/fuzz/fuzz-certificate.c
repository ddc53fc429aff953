/* SPDX-License-Identifier: MIT */
/* One certificate in DER: its names, its dates, its places, and what a directory makes of it. */
#include <string.h>

#include <openssl/x509v3.h>

#include "helper/ca/directory.h"
#include "helper/ca/status_places.h"
#include "helper/card/naming.h"
#include "helper/card/usage.h"
#include "helper/common/utf8.h"
#include "helper/record/certificate_key.h"
#include "tests/fuzz/input.h"

static void names(X509 *certificate)
{
	char text[NAMING_MAX], issuer[NAMING_MAX], serial[SERIAL_TEXT_MAX];
	char key[CERTIFICATE_KEY_MAX];

	naming_attribute(X509_get_subject_name(certificate), NID_commonName, text, sizeof(text));
	naming_attribute(X509_get_subject_name(certificate), NID_organizationName, text,
			 sizeof(text));
	naming_whole(X509_get_subject_name(certificate), text, sizeof(text));
	naming_whole(X509_get_issuer_name(certificate), text, sizeof(text));
	utf8_clean(text, issuer, sizeof(issuer));
	naming_serial(certificate, serial, sizeof(serial));
	MUST(serial[strspn(serial, "0123456789ABCDEF-")] == '\0');
	/* What a message says of it is enough to find it again. */
	MUST(naming_is(certificate, issuer, serial));
	MUST(strlen(certificate_key(issuer, serial, key)) == CERTIFICATE_KEY_MAX - 1);
}

static void must_be_web(struct places *places)
{
	MUST(places->count <= PLACES_MAX);
	for (size_t i = 0; i < places->count; i++)
		MUST(strncasecmp(places->urls[i], "http", 4) == 0);
	places_clear(places);
}

static void where(X509 *certificate)
{
	struct places places;

	places_of_access(certificate, NID_ad_OCSP, &places);
	must_be_web(&places);
	places_of_access(certificate, NID_ad_ca_issuers, &places);
	must_be_web(&places);
	places_of_crl(certificate, &places);
	must_be_web(&places);
}

static void in_a_directory(const uint8_t *data, size_t size)
{
	struct config_directory settings = {.limit = 1};
	struct directory_query query = {.name = "x", .validity = DIRECTORY_ANY, .now = INPUT_NOW};
	struct directory_result result = {.count = 0};
	struct directory_find find = {&settings, NULL, &query, &result};

	MUST(directory_take(&find, data, size, "a@\033[2J", "\xe2\x80\xae", NULL) == 0);
	MUST(result.count + result.unreadable <= 1);
	for (size_t i = 0; i < result.count; i++) {
		MUST(input_is_clean_line(result.entries[i].name));
		MUST(input_is_clean_line(result.entries[i].email));
		MUST(strlen(result.entries[i].name) <= DIRECTORY_TEXT_MAX);
	}
	directory_result_clear(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const unsigned char *at = data;
	X509 *certificate = d2i_X509(NULL, &at, (long)size);
	int64_t not_before, not_after;

	in_a_directory(data, size);
	if (certificate == NULL)
		return 0;
	names(certificate);
	where(certificate);
	(void)usage_role(certificate);
	(void)usage_is_ca(certificate);
	(void)usage_dates(certificate, &not_before, &not_after);
	X509_free(certificate);
	return 0;
}
