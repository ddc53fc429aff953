/* SPDX-License-Identifier: MIT */
/* A directory's answer by LDAP, arriving in pieces: read the same however it is cut. */
#include <stdlib.h>
#include <string.h>

#include "helper/ca/ldif.h"
#include "tests/fuzz/input.h"

struct seen {
	size_t entries, values, bytes;
};

static int take(const struct ldif_entry *entry, void *context)
{
	struct seen *seen = context;
	size_t bytes = 0;

	MUST(entry->count <= LDIF_VALUES_MAX && entry->bytes <= LDIF_ENTRY_MAX);
	for (size_t i = 0; i < entry->count; i++) {
		const struct ldif_value *value = &entry->values[i];

		MUST(value->attribute[0] != '\0' && strchr(value->attribute, ':') == NULL);
		MUST(value->bytes[value->length] == '\0');
		(void)ldif_is(value, "userCertificate;binary");
		bytes += value->length;
	}
	MUST(bytes == entry->bytes);
	seen->entries++;
	seen->values += entry->count;
	seen->bytes += bytes;
	return 0;
}

static int read_in_pieces(const uint8_t *data, size_t size, size_t piece, struct seen *ret)
{
	struct ldif_reader *reader = calloc(1, sizeof(*reader));
	struct input input = {data, size};
	const uint8_t *bytes;
	size_t length;
	int r = 0;

	MUST(reader != NULL);
	reader->take = take;
	reader->context = ret;
	while (r == 0 && input.left > 0) {
		bytes = input_bytes(&input, piece, &length);
		r = ldif_read(reader, (const char *)bytes, length, NULL);
	}
	if (r == 0)
		r = ldif_end(reader, NULL);
	ldif_clear(reader);
	free(reader);
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct seen whole = {0}, pieces = {0};
	size_t piece = 1 + input_byte(&input);
	int r = read_in_pieces(input.at, input.left, input.left + 1, &whole);

	MUST(read_in_pieces(input.at, input.left, piece, &pieces) == r);
	MUST(memcmp(&whole, &pieces, sizeof(whole)) == 0);
	return 0;
}
