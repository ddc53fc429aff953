/* SPDX-License-Identifier: MIT */
#include "helper/lookup/members.h"

#include <stdio.h>

#include <openssl/x509v3.h>

#include "helper/command/json.h"
#include "helper/command/json_certificate.h"
#include "helper/lookup/reasons.h"

void members_of_standing(const struct standing *standing)
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

void members_of_certificate(X509 *certificate)
{
	uint32_t usage = X509_get_key_usage(certificate);

	json_certificate(certificate);
	printf(", \"signature\": %s, \"encryption\": %s",
	       usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION) ? "true" : "false",
	       usage & (KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT | KU_KEY_AGREEMENT) ? "true"
										       : "false");
}
