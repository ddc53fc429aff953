/* SPDX-License-Identifier: MIT */
/* What every list says of a certificate. */
#ifndef CERTRENEW_JSON_CERTIFICATE_H
#define CERTRENEW_JSON_CERTIFICATE_H

#include <openssl/x509.h>

/* "serial_number", "subject", "issuer", "not_before" and "not_after", the first of an object. */
void json_certificate(X509 *certificate);

#endif
