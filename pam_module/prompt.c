/* SPDX-License-Identifier: MIT */
#include "pam_module/prompt.h"

#include <stdlib.h>
#include <string.h>

#include "helper/common/failure.h"
#include "pam_module/alarm.h"

static const struct pam_conv *conversation_of(pam_handle_t *pamh)
{
	const void *item = NULL;
	const struct pam_conv *conversation;

	if (pam_get_item(pamh, PAM_CONV, &item) != PAM_SUCCESS || item == NULL)
		return NULL;
	conversation = item;
	return conversation->conv == NULL ? NULL : conversation;
}

/*
 * pam_prompt(3) would do, but it logs each text that a host cannot show. After an error the
 * response is not ours to look at: pam_conv(3) leaves it undefined.
 */
static char *converse(const struct pam_conv *conversation, int style, const char *text)
{
	const struct pam_message message = {.msg_style = style, .msg = text};
	const struct pam_message *messages = &message;
	struct pam_response *response = NULL;
	char *typed;

	if (conversation->conv(1, &messages, &response, conversation->appdata_ptr) != PAM_SUCCESS ||
	    response == NULL)
		return NULL;
	typed = response->resp;
	free(response);
	return typed;
}

void prompt_show(pam_handle_t *pamh, int style, const char *text)
{
	const struct pam_conv *conversation = conversation_of(pamh);

	if (conversation != NULL && text[0] != '\0')
		prompt_free(converse(conversation, style, text));
}

int prompt_ask(pam_handle_t *pamh, int style, const char *text, char **ret_typed)
{
	const struct pam_conv *conversation = conversation_of(pamh);
	struct alarm_hold hold;
	char *typed;

	if (conversation == NULL || alarm_hold(conversation, &hold) < 0)
		return -FAILURE_NOT_SHOWN;
	typed = converse(conversation, style, text);
	if (alarm_release(&hold)) {
		prompt_free(typed);
		return -FAILURE_NO_ANSWER;
	}
	if (typed == NULL)
		return -FAILURE_NOT_SHOWN;
	*ret_typed = typed;
	return 0;
}

void prompt_free(char *typed)
{
	if (typed == NULL)
		return;
	explicit_bzero(typed, strlen(typed));
	free(typed);
}
