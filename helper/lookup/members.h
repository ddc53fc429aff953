/* SPDX-License-Identifier: MIT */
/* What certrenew-lookup says of a certificate in JSON: members of an object (json.h). */
#ifndef CERTRENEW_MEMBERS_H
#define CERTRENEW_MEMBERS_H

#include "helper/lookup/standing.h"

/* , "status": "revoked", "revoked_at": …, "reason": …, "error": … */
void members_of_standing(const struct standing *standing);
/* "serial_number": … to "encryption": what the certificate itself says */
void members_of_certificate(X509 *certificate);

#endif
