/* SPDX-License-Identifier: MIT */
#include "helper/lookup/json.h"

#include <stdio.h>
#include <time.h>

#include <openssl/x509v3.h>

#include "helper/card/naming.h"
#include "helper/card/usage.h"
#include "helper/common/utf8.h"
#include "helper/lookup/reasons.h"

void json_text(const char *text)
{
	char clean[NAMING_MAX * 3];

	if (text == NULL) {
		printf("null");
		return;
	}
	utf8_clean(text, clean, sizeof(clean));
	putchar('"');
	for (const unsigned char *at = (const unsigned char *)clean; *at != '\0'; at++) {
		if (*at == '"' || *at == '\\')
			printf("\\%c", *at);
		else if (*at < 0x20)
			printf("\\u%04x", *at);
		else
			putchar(*at);
	}
	putchar('"');
}

void json_member(const char *name, const char *text)
{
	printf(", \"%s\": ", name);
	json_text(text);
}

void json_time(const char *name, int64_t when)
{
	time_t seconds = (time_t)when;
	struct tm utc;
	char text[32];

	if (gmtime_r(&seconds, &utc) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		text[0] = '\0';
	json_member(name, text);
}

void json_standing(const struct standing *standing)
{
	static const char *const names[] = {
	    [STANDING_GOOD] = "valid",
	    [STANDING_REVOKED] = "revoked",
	    [STANDING_UNKNOWN] = "unknown",
	    [STANDING_NOT_ASKED] = "not-asked",
	    [STANDING_NOT_YET] = "not-yet-valid",
	    [STANDING_EXPIRED] = "expired",
	};
	bool revoked = standing->state == STANDING_REVOKED;

	json_member("status", names[standing->state]);
	if (revoked)
		json_time("revoked_at", standing->answer.revoked_at);
	else
		json_member("revoked_at", NULL);
	json_member("reason", revoked ? reason_name(standing->answer.reason) : NULL);
	json_member("error", standing->state == STANDING_NOT_ASKED
				 ? failure_name(standing->answer.failure.code)
				 : NULL);
}

void json_certificate(X509 *certificate)
{
	char text[NAMING_MAX];
	int64_t not_before = 0, not_after = 0;
	uint32_t usage = X509_get_key_usage(certificate);

	(void)usage_dates(certificate, &not_before, &not_after);
	printf("\"serial_number\": ");
	json_text(naming_serial(certificate, text, sizeof(text)));
	json_member("subject",
		    naming_whole(X509_get_subject_name(certificate), text, sizeof(text)));
	json_member("issuer", naming_whole(X509_get_issuer_name(certificate), text, sizeof(text)));
	json_time("not_before", not_before);
	json_time("not_after", not_after);
	printf(", \"signature\": %s, \"encryption\": %s",
	       usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION) ? "true" : "false",
	       usage & (KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT | KU_KEY_AGREEMENT) ? "true"
										       : "false");
}
