/* SPDX-License-Identifier: MIT */
/* gettext's compiled catalogues: whatever is found lies inside. */
#include <stdlib.h>
#include <string.h>

#include "helper/words/catalogue.h"
#include "tests/fuzz/input.h"

static void must_lie_inside(const uint8_t *data, size_t size, const char *text)
{
	const uint8_t *at = (const uint8_t *)text;

	MUST(text == NULL ||
	     (at >= data && at < data + size && memchr(at, '\0', size - (size_t)(at - data))));
}

/* The original as it stands there; of one with a context, both parts. */
static void look_up(const struct catalogue *catalogue, size_t size, uint32_t index)
{
	const unsigned char *entry = catalogue->data + catalogue->originals + (size_t)index * 8;
	size_t offset =
	    entry[4] | (size_t)entry[5] << 8 | (size_t)entry[6] << 16 | (size_t)entry[7] << 24;
	const char *original = (const char *)catalogue->data + offset, *end;
	char *context;

	MUST(catalogue_find(catalogue, NULL, original, 0) != NULL);
	for (unsigned long form = 0; form < 4; form++)
		must_lie_inside(catalogue->data, size,
				catalogue_find(catalogue, NULL, original, form));
	end = strchr(original, '\004');
	if (end == NULL)
		return;
	context = input_text((const uint8_t *)original, (size_t)(end - original));
	must_lie_inside(catalogue->data, size, catalogue_find(catalogue, context, end + 1, 0));
	free(context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct catalogue catalogue;

	if (catalogue_open(data, size, &catalogue) < 0)
		return 0;
	for (uint32_t i = 0; i < catalogue.count && i < 64; i++)
		look_up(&catalogue, size, i);
	must_lie_inside(data, size, catalogue_find(&catalogue, NULL, "PIN: ", 0));
	must_lie_inside(data, size, catalogue_find(&catalogue, "date", "%Y-%m-%d", 0));
	return 0;
}
