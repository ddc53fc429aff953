/* SPDX-License-Identifier: MIT */
#include "helper/command/json_certificate.h"

#include <stdio.h>

#include "helper/card/naming.h"
#include "helper/card/usage.h"
#include "helper/command/json.h"

void json_certificate(X509 *certificate)
{
	int64_t not_before = 0, not_after = 0;
	char text[NAMING_MAX];

	(void)usage_dates(certificate, &not_before, &not_after);
	printf("\"serial_number\": ");
	json_text(naming_serial(certificate, text, sizeof(text)));
	json_member("subject",
		    naming_whole(X509_get_subject_name(certificate), text, sizeof(text)));
	json_member("issuer", naming_whole(X509_get_issuer_name(certificate), text, sizeof(text)));
	json_time("not_before", not_before);
	json_time("not_after", not_after);
}
