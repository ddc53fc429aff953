/* SPDX-License-Identifier: MIT */
/* What the command line asks for. */
#ifndef CERTRENEW_TESTS_CARD_ORDER_H
#define CERTRENEW_TESTS_CARD_ORDER_H

#include <stdbool.h>
#include <stdint.h>

struct order {
	/* every command */
	const char *module;
	const char *init_args;
	const char *label;
	const char *serial;
	const char *pin;
	const char *roles; /* a list: signature, encryption, both */

	/* make */
	const char *ca;
	const char *so_pin;
	const char *key; /* rsa:BITS or ec:CURVE */
	const char *subject;
	const char *email;
	int64_t days;
	int64_t issued_days_ago;
	int64_t not_after; /* INT64_MIN: by `days` */

	bool initialised; /* the token is there already, with its PIN */

	/* make: oddities */
	bool no_pin;
	bool empty;
	bool encryption_cannot_sign;
	bool encryption_no_email;
	bool public_private_keys;
	bool always_authenticate;
	bool encryption_always_authenticate;
	bool private_certificates;
	bool unmodifiable;
	bool undestroyable;
	bool twice;
	bool same_ids;
	bool kept_old;
	bool login_certificate;
	bool newer_keyless;
	bool unparsable;
	bool non_x509;
	bool ca_certificates;
	bool extra_ed25519;
	bool certify_ed25519;
	int64_t extra_certificates;
};

/* Each opens the module and leaves nothing open; returns a process's exit status. */
int make_card(const struct order *order);
int list_card(const struct order *order);
int prove_card(const struct order *order);
int list_abilities(const struct order *order);

#endif
