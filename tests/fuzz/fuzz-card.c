/* SPDX-License-Identifier: MIT */
/* A card's certificates and attributes, of any content, from a driver that bends the rules. */
#include "helper/card/certificates.h"
#include "helper/card/key.h"
#include "tests/fuzz/fake_card.h"

static void must_be_sound(const struct certificates *certificates)
{
	for (size_t i = 0; i < certificates->count; i++) {
		const struct certificate *one = &certificates->items[i];

		MUST(one->x509 != NULL && !usage_is_ca(one->x509));
		MUST(one->id.length <= sizeof(one->id.bytes));
		MUST(one->label.length <= sizeof(one->label.bytes));
		MUST(one->role == ROLE_ENCRYPTION || one->role == ROLE_SIGNATURE);
		MUST(i == 0 || certificates->items[i - 1].role <= one->role);
	}
}

/* One purpose, one certificate. */
static void must_be_current(const struct certificates *certificates)
{
	for (size_t i = 0; i < certificates->count; i++)
		for (size_t j = 0; j < i; j++)
			MUST(X509_cmp(certificates->items[i].x509, certificates->items[j].x509) !=
			     0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct certificates certificates = {.items = NULL};
	struct object_id id = {.length = 0};
	struct driver driver;
	struct token token;
	size_t before;

	fake_card(&input, &driver, &token);
	if (certificates_read(&token, &certificates, NULL) < 0)
		return 0;
	(void)certificates_pair(&token, &certificates, NULL);
	certificates_drop_keyless(&certificates);
	before = certificates.count;
	certificates_keep_current(&certificates);
	MUST(certificates.count <= before && (certificates.count > 0) == (before > 0));
	must_be_sound(&certificates);
	must_be_current(&certificates);
	certificates_free(&certificates);
	if (key_fresh_id(&token, NULL, 0, &id, NULL) == 0)
		MUST(id.length == 1);
	return 0;
}
