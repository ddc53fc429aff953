/* SPDX-License-Identifier: MIT */
/* What single keys ask of their values beyond the type, and what the keys ask of each other. */
#ifndef CERTRENEW_CONFIG_CHECKS_H
#define CERTRENEW_CONFIG_CHECKS_H

#include "conf/config_error.h"

/* Each returns 0, or -1 with *reason filled. */
int config_check_service(const char *value, struct config_reason *reason);
int config_check_allow(const char *value, struct config_reason *reason);
int config_check_module(const char *value, struct config_reason *reason);
int config_check_token(const char *value, struct config_reason *reason);
int config_check_environment(const char *value, struct config_reason *reason);
int config_check_call(const char *value, struct config_reason *reason);
int config_check_issuer(const char *value, struct config_reason *reason);
int config_check_trust(const char *value, struct config_reason *reason);
int config_check_path(const char *value, struct config_reason *reason);
int config_check_https(const char *value, struct config_reason *reason);
int config_check_ca_url(const char *value, struct config_reason *reason);
int config_check_attribute(const char *value, struct config_reason *reason);
int config_check_web_url(const char *value, struct config_reason *reason);
int config_check_directory_url(const char *value, struct config_reason *reason);
int config_check_field(const char *value, struct config_reason *reason);
int config_check_form_entry(const char *value, struct config_reason *reason);

#endif
