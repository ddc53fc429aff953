/* SPDX-License-Identifier: MIT */
/* What a token says of itself, and an RFC 7512 URI: '[card] token', a line, then the token. */
#include <stdlib.h>
#include <string.h>

#include "conf/config_checks.h"
#include "helper/card/token.h"
#include "helper/common/token_name.h"
#include "tests/fuzz/input.h"

static CK_TOKEN_INFO described;

static CK_RV get_slot_list(CK_BBOOL with_token, CK_SLOT_ID *slots, CK_ULONG *count)
{
	(void)with_token;
	if (slots != NULL)
		slots[0] = 7;
	*count = 1;
	return CKR_OK;
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	(void)slot;
	*info = described;
	return CKR_OK;
}

static void read_token(struct input *input)
{
	size_t length;
	const uint8_t *bytes = input_bytes(input, sizeof(described), &length);

	memset(&described, ' ', sizeof(described));
	memcpy(&described, bytes, length);
	described.flags = CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED;
}

static void must_be_sound(const struct token_info *token)
{
	char name[TOKEN_NAME_MAX];

	MUST(memchr(token->label, '\0', sizeof(token->label)) != NULL);
	MUST(memchr(token->serial, '\0', sizeof(token->serial)) != NULL);
	MUST(input_is_clean_line(token->label) && input_is_clean_line(token->serial));
	MUST(strchr(token_name(token->serial, token->label, name), '/') == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CK_FUNCTION_LIST functions = {
	    .C_GetSlotList = get_slot_list,
	    .C_GetTokenInfo = get_token_info,
	};
	struct driver driver = {.p11 = &functions};
	struct input input = {data, size};
	char *uri = input_line(&input);
	struct token_info *tokens = NULL;
	struct config_reason reason = {""};
	size_t count = 0;
	int result;

	read_token(&input);
	result = token_list(&driver, uri, NULL, &tokens, &count, NULL);
	if (result == 0) {
		MUST(count <= 1);
		if (count == 1)
			must_be_sound(&tokens[0]);
		free(tokens);
	} else {
		MUST(result == -FAILURE_CONFIG);
	}
	/* What `certrenew check-config` is content with, a login can read. */
	if (uri[0] != '\0' && config_check_token(uri, &reason) == 0)
		MUST(result == 0);
	free(uri);
	return 0;
}
