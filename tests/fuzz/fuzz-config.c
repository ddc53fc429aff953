/* SPDX-License-Identifier: MIT */
/* /etc/certrenew.conf: what is read is printed so that it is read again as the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/config.h"
#include "conf/config_values.h"
#include "tests/fuzz/input.h"

static struct config *load_printed(const struct config *config)
{
	struct config *again = NULL;
	struct config_error error;
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	MUST(out != NULL);
	config_print(config, out);
	MUST(fclose(out) == 0);
	MUST(config_load(input_file("input", text, length), false, &again, &error) == 0);
	free(text);
	return again;
}

static void must_be_the_same(const struct config_key *key, const void *a, const void *b)
{
	char *of_a = config_value_text(key, a), *of_b = config_value_text(key, b);

	MUST(of_a != NULL && of_b != NULL && strcmp(of_a, of_b) == 0);
	free(of_a);
	free(of_b);
}

static void must_have_the_same(const struct config *a, const struct config *b)
{
	MUST(a->ca_count == b->ca_count);
	for (size_t i = 0; i < a->ca_count; i++)
		MUST(strcmp(a->cas[i].name, b->cas[i].name) == 0);
	for (size_t i = 0; i < config_table_length; i++) {
		const struct config_key *key = &config_table[i];

		if (!config_key_is_ca(key))
			must_be_the_same(key, a, b);
		for (size_t ca = 0; config_key_is_ca(key) && ca < a->ca_count; ca++)
			must_be_the_same(key, &a->cas[ca], &b->cas[ca]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config *config = NULL, *again;
	struct config_error error = {""};

	if (config_load(input_file("input", data, size), false, &config, &error) < 0) {
		MUST(config == NULL && error.text[0] != '\0' && input_is_clean_line(error.text));
		return 0;
	}
	again = load_printed(config);
	must_have_the_same(config, again);
	config_free(again);
	config_free(config);
	return 0;
}
