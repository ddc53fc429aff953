/* SPDX-License-Identifier: MIT */
/* test-card: makes, shows and proves the test world's smartcards, with any PKCS#11 module. */
#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/world/card/order.h"

static const char help[] =
    "test-card make --module PATH --ca DIR --label TEXT --pin PIN --so-pin PIN|--initialised\n"
    "    [--key rsa:2048|rsa:3072|ec:P-256|ec:P-384] [--roles signature,encryption|both]\n"
    "    [--subject /C=TW/O=.../CN=...] [--email ADDRESS] [--days N] [--issued-days-ago N]\n"
    "    [--not-after EPOCH] [--no-pin] [--empty] [--encryption-cannot-sign]\n"
    "    [--encryption-no-email] [--public-private-keys] [--always-authenticate]\n"
    "    [--encryption-always-authenticate]\n"
    "    [--private-certificates] [--unmodifiable] [--undestroyable] [--twice] [--same-ids]\n"
    "    [--kept-old] [--login-certificate] [--newer-keyless] [--unparsable] [--non-x509]\n"
    "    [--ca-certificates] [--extra-certificates N] [--extra-ed25519]\n"
    "    [--certify-ed25519]\n"
    "    initialises a free token (or takes the one with this label, which has its PIN): a key\n"
    "    pair and its certificate for each role\n"
    "test-card list|dump --module PATH [--label TEXT] [--serial TEXT] [--pin PIN]\n"
    "    a line for each token and object, sorted; private objects need the PIN\n"
    "test-card prove --module PATH --pin PIN [--label TEXT] [--serial TEXT] [--roles LIST]\n"
    "    each role's certificate that ends last fits a key that works; exit status 1 if not\n"
    "test-card judge ...: both, prove after list\n"
    "test-card abilities --module PATH --pin PIN --ca DIR [--label TEXT] [--serial TEXT] [--key "
    "TYPE]\n"
    "    what the token lets its person do, found by doing it\n"
    "all: [--init-args TEXT], for modules that need a reserved string\n";

enum kind { KIND_TEXT, KIND_NUMBER, KIND_FLAG };

static const struct {
	const char *name;
	enum kind kind;
	size_t offset;
} options[] = {
    {"module", KIND_TEXT, offsetof(struct order, module)},
    {"init-args", KIND_TEXT, offsetof(struct order, init_args)},
    {"label", KIND_TEXT, offsetof(struct order, label)},
    {"serial", KIND_TEXT, offsetof(struct order, serial)},
    {"pin", KIND_TEXT, offsetof(struct order, pin)},
    {"roles", KIND_TEXT, offsetof(struct order, roles)},
    {"ca", KIND_TEXT, offsetof(struct order, ca)},
    {"so-pin", KIND_TEXT, offsetof(struct order, so_pin)},
    {"key", KIND_TEXT, offsetof(struct order, key)},
    {"subject", KIND_TEXT, offsetof(struct order, subject)},
    {"email", KIND_TEXT, offsetof(struct order, email)},
    {"days", KIND_NUMBER, offsetof(struct order, days)},
    {"issued-days-ago", KIND_NUMBER, offsetof(struct order, issued_days_ago)},
    {"not-after", KIND_NUMBER, offsetof(struct order, not_after)},
    {"extra-certificates", KIND_NUMBER, offsetof(struct order, extra_certificates)},
    {"initialised", KIND_FLAG, offsetof(struct order, initialised)},
    {"no-pin", KIND_FLAG, offsetof(struct order, no_pin)},
    {"empty", KIND_FLAG, offsetof(struct order, empty)},
    {"encryption-cannot-sign", KIND_FLAG, offsetof(struct order, encryption_cannot_sign)},
    {"encryption-no-email", KIND_FLAG, offsetof(struct order, encryption_no_email)},
    {"public-private-keys", KIND_FLAG, offsetof(struct order, public_private_keys)},
    {"always-authenticate", KIND_FLAG, offsetof(struct order, always_authenticate)},
    {"encryption-always-authenticate", KIND_FLAG,
     offsetof(struct order, encryption_always_authenticate)},
    {"private-certificates", KIND_FLAG, offsetof(struct order, private_certificates)},
    {"unmodifiable", KIND_FLAG, offsetof(struct order, unmodifiable)},
    {"undestroyable", KIND_FLAG, offsetof(struct order, undestroyable)},
    {"twice", KIND_FLAG, offsetof(struct order, twice)},
    {"same-ids", KIND_FLAG, offsetof(struct order, same_ids)},
    {"kept-old", KIND_FLAG, offsetof(struct order, kept_old)},
    {"login-certificate", KIND_FLAG, offsetof(struct order, login_certificate)},
    {"newer-keyless", KIND_FLAG, offsetof(struct order, newer_keyless)},
    {"unparsable", KIND_FLAG, offsetof(struct order, unparsable)},
    {"non-x509", KIND_FLAG, offsetof(struct order, non_x509)},
    {"ca-certificates", KIND_FLAG, offsetof(struct order, ca_certificates)},
    {"extra-ed25519", KIND_FLAG, offsetof(struct order, extra_ed25519)},
    {"certify-ed25519", KIND_FLAG, offsetof(struct order, certify_ed25519)},
};

enum { OPTIONS = sizeof(options) / sizeof(options[0]) };

static int usage(void)
{
	fputs(help, stderr);
	return 2;
}

static int set(struct order *order, size_t option, const char *value)
{
	void *field = (char *)order + options[option].offset;
	char *end = NULL;

	switch (options[option].kind) {
	case KIND_TEXT:
		*(const char **)field = value;
		return 0;
	case KIND_NUMBER:
		errno = 0;
		*(int64_t *)field = strtoll(value, &end, 10);
		return errno != 0 || end == value || *end != '\0' ? -1 : 0;
	case KIND_FLAG:
		*(bool *)field = true;
		return 0;
	}
	return -1;
}

static int parse(int argc, char **argv, struct order *order)
{
	struct option table[OPTIONS + 1] = {0};
	int found;
	int index = 0;

	for (size_t i = 0; i < OPTIONS; i++) {
		table[i].name = options[i].name;
		table[i].has_arg = options[i].kind == KIND_FLAG ? no_argument : required_argument;
	}
	while ((found = getopt_long(argc, argv, "", table, &index)) == 0) {
		if (set(order, (size_t)index, optarg) < 0)
			return -1;
	}
	return found != -1 || optind != argc || order->module == NULL ? -1 : 0;
}

int main(int argc, char **argv)
{
	struct order order = {
	    .roles = "signature,encryption",
	    .key = "rsa:2048",
	    .subject = "/C=TW/O=Example Government/OU=Ministry of Examples/CN=Alice Chen",
	    .email = "alice@example.test",
	    .days = 20,
	    .issued_days_ago = 345,
	    .not_after = INT64_MIN,
	};
	const char *command = argc < 2 ? "" : argv[1];

	if (argc < 2 || parse(argc - 1, argv + 1, &order) < 0)
		return usage();
	if (strcmp(command, "make") == 0) {
		bool certified = !order.no_pin && !order.empty;

		if (order.label == NULL || (order.so_pin == NULL && !order.initialised) ||
		    (order.pin == NULL && !order.no_pin) || (order.ca == NULL && certified))
			return usage();
		return make_card(&order);
	}
	if (strcmp(command, "list") == 0 || strcmp(command, "dump") == 0)
		return list_card(&order);
	if (strcmp(command, "prove") == 0 && order.pin != NULL)
		return prove_card(&order);
	if (strcmp(command, "judge") == 0 && order.pin != NULL)
		return list_card(&order) + prove_card(&order) > 0;
	if (strcmp(command, "abilities") == 0 && order.pin != NULL && order.ca != NULL)
		return list_abilities(&order);
	return usage();
}
