/* SPDX-License-Identifier: MIT */
#ifndef CERTRENEW_CARD_STATUS_H
#define CERTRENEW_CARD_STATUS_H

#include <stdbool.h>

#include "conf/config.h"
#include "helper/common/failure.h"

/*
 * The whole of `certrenew status --online`: the helper reads the card's certificates, and this
 * process, with the right of its user alone, asks about them. Returns the exit status (exit.h):
 * as `status`, and EXIT_UNUSABLE for a certificate that was revoked.
 */
int card_status(const struct config *config, bool json);

/* What --json prints where it did not come so far. */
void card_status_failed(enum failure_code code);

#endif
