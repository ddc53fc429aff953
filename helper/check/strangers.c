/* SPDX-License-Identifier: MIT */
/*
 * What no [ca] section renews: the certificate of a private card beside the office's. At a login
 * and on the desktop nobody is spoken to about it, as nothing could be done for it here.
 */
#include <string.h>

#include "helper/ca/ca.h"
#include "helper/card/naming.h"
#include "helper/check/findings.h"
#include "helper/common/log.h"

/* Only of what could be asked about, or end a login, is it worth to know. */
static bool concerns(enum validity_state state)
{
	return state == VALIDITY_RENEWABLE || state == VALIDITY_CRITICAL ||
	       state == VALIDITY_EXPIRED;
}

static void leave_out(struct found_token *found, size_t index)
{
	X509 *certificate = found->certificates.items[index].x509;
	char serial[SERIAL_TEXT_MAX], issuer[NAMING_MAX];
	size_t behind = found->certificates.count - index - 1;

	log_line(EVENT_NO_CA_FOR_IT,
		 "token %s: certificate %s is left alone: no [ca] section is for its issuer, %s",
		 found->info.serial, naming_serial(certificate, serial, sizeof(serial)),
		 naming_whole(X509_get_issuer_name(certificate), issuer, sizeof(issuer)));
	found->expired -= found->validity[index].state == VALIDITY_EXPIRED;
	found->renewable -= found->validity[index].state != VALIDITY_EXPIRED;
	found->strangers++;
	certificates_drop(&found->certificates, index);
	memmove(&found->validity[index], &found->validity[index + 1],
		behind * sizeof(*found->validity));
}

void strangers_leave_out(const struct config *config, struct found_token *found)
{
	size_t index = 0;

	while (index < found->certificates.count) {
		X509 *certificate = found->certificates.items[index].x509;

		if (concerns(found->validity[index].state) &&
		    ca_for_issuer(config, X509_get_issuer_name(certificate)) == NULL)
			leave_out(found, index);
		else
			index++;
	}
}
