/* SPDX-License-Identifier: MIT */
#ifndef CERTRENEW_CMP_H
#define CERTRENEW_CMP_H

#include "helper/ca/ca.h"

extern const struct ca_protocol cmp_protocol;

#endif
