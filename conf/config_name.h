/* SPDX-License-Identifier: MIT */
/* Names in RFC 4514's form, as administrators and programs write them. */
#ifndef CERTRENEW_CONFIG_NAME_H
#define CERTRENEW_CONFIG_NAME_H

#include <stdbool.h>

#include "conf/config.h"

/* Whether both are the same name: RFC 4514 lets one be written in many ways. False when there is no
 * memory to tell. */
bool config_same_name(const char *left, const char *right);

/* The [ca] section for certificates of this issuer, else the one without issuer, or NULL. */
const struct config_ca *config_ca_for_issuer(const struct config *config, const char *issuer);

#endif
