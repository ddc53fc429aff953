/* SPDX-License-Identifier: MIT */
/* The machine's configuration, for what runs as the person. */
#ifndef CERTRENEW_SETTINGS_H
#define CERTRENEW_SETTINGS_H

#include "conf/config.h"

/*
 * Reads it, and lets the log name people if it says so. Returns EXIT_FINE with *ret, which the
 * caller frees with config_free, or EXIT_ERROR after saying what is wrong.
 */
int settings_load(struct config **ret);

#endif
