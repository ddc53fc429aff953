/* SPDX-License-Identifier: MIT */
/* What the keys ask of each other. */
#ifndef CERTRENEW_CONFIG_TOGETHER_H
#define CERTRENEW_CONFIG_TOGETHER_H

#include "conf/config_error.h"

/*
 * Judges a configuration whose every value is parsed: nothing in [reminder] may exceed the
 * window, each [ca] needs url and trust, and no two of them the same issuer. Defaults give way
 * to a short window. Returns 0, or -1.
 */
int config_check_together(struct config *config, const char *path, struct config_error *error);

#endif
