/* SPDX-License-Identifier: MIT */
/*
 * test-card list: a line for each token and object, in an order and a form that depend on nothing
 * but what is on the token, so that two lists can be compared.
 */
#include "tests/world/card/describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/world/card/order.h"

static int compare(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

static int print_objects(const struct token *token)
{
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;
	char **lines = NULL;
	int rc = object_find(token, NULL, 0, &objects, &count);

	if (rc == 0)
		lines = calloc(count + 1, sizeof(*lines));
	if (lines == NULL) {
		free(objects);
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		lines[i] = describe_object(token, objects[i]);
		if (lines[i] == NULL)
			count = i;
	}
	qsort(lines, count, sizeof(*lines), compare);
	for (size_t i = 0; i < count; i++) {
		puts(lines[i]);
		free(lines[i]);
	}
	free(lines);
	free(objects);
	return 0;
}

static int list_token(struct token *token, const char *pin)
{
	int rc = -1;

	printf("token label=\"%s\" serial=%s\n", token->label, token->serial);
	if (token_open(token, false) == 0 &&
	    (pin == NULL || token_login(token, CKU_USER, pin) == 0))
		rc = print_objects(token);
	token_close(token);
	return rc;
}

int list_card(const struct order *order)
{
	CK_FUNCTION_LIST_PTR p11 = NULL;
	struct token token;
	unsigned listed = 0;
	int rc = 0;

	if (module_open(order->module, order->init_args, &p11) < 0)
		return 1;
	while (rc == 0 && token_find(p11, order->label, order->serial, listed, &token) == 1) {
		rc = list_token(&token, order->pin);
		listed++;
	}
	module_close(p11);
	if (listed == 0)
		return complain("no such token") < 0;
	return rc == 0 ? 0 : 1;
}
