/* SPDX-License-Identifier: MIT */
/* Enrolment over Secure Transport (RFC 7030). */
#ifndef CERTRENEW_EST_H
#define CERTRENEW_EST_H

#include "helper/ca/ca.h"

extern const struct ca_protocol est_protocol;

#endif
