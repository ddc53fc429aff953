/* SPDX-License-Identifier: MIT */
/*
 * A driver whose answers come from the input: the card, and a driver that is careless about
 * PKCS#11's rules, but not the process's enemy: it writes into no buffer more than it was given.
 */
#ifndef CERTRENEW_TESTS_FAKE_CARD_H
#define CERTRENEW_TESTS_FAKE_CARD_H

#include "helper/card/token.h"
#include "tests/fuzz/input.h"

/*
 * Reads the objects out of the input and plugs the card in. *input is used by the driver's calls
 * from then on, for what it answers and how it fails.
 */
void fake_card(struct input *input, struct driver *ret_driver, struct token *ret_token);

#endif
