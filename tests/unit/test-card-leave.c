/* SPDX-License-Identifier: MIT */
/* Whether a person may write to the card, asked without writing anything. */
#include "tests/unit/card-host.h"

/* Asks with this answer of the token; `made` are the options of the card. */
static int granted(const char *rule, const char *made)
{
	struct failure failure = {.code = FAILURE_NONE};
	int result;

	card_make(made);
	card_behind_shim(rule);
	card_work_with("Alice");
	card_read(2);
	result = write_is_granted(card.token, card_certificate(ID_SIGNATURE)->x509, &failure);
	assert_int_equal(card_calls(" C_Login "), 1);
	return result;
}

static void only_a_no_is_taken_for_one(void **state)
{
	static const struct {
		const char *rule;
		int result;
	} answers[] = {
	    {"C_SetAttributeValue error CKR_USER_TYPE_INVALID\n", -FAILURE_CARD_READ_ONLY},
	    {"C_SetAttributeValue error CKR_SESSION_READ_ONLY\n", -FAILURE_CARD_READ_ONLY},
	    {"C_SetAttributeValue error CKR_TOKEN_WRITE_PROTECTED\n", -FAILURE_CARD_READ_ONLY},
	    {"C_SetAttributeValue error CKR_USER_NOT_LOGGED_IN\n", -FAILURE_CARD_READ_ONLY},
	    {"read-only\n", -FAILURE_CARD_READ_ONLY},
	    {"C_SetAttributeValue removed\n", -FAILURE_CARD_REMOVED},
	    {"C_SetAttributeValue error CKR_ATTRIBUTE_READ_ONLY\n", 0},
	    {"C_SetAttributeValue error CKR_FUNCTION_NOT_SUPPORTED\n", 0},
	    {"C_SetAttributeValue error CKR_ACTION_PROHIBITED\n", 0},
	    {"C_SetAttributeValue error CKR_DEVICE_ERROR\n", 0},
	    {"C_GetSessionInfo error CKR_FUNCTION_NOT_SUPPORTED\n", 0},
	    {"", 0},
	};

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		if (granted(answers[i].rule, "--label Alice --key ec:P-256") != answers[i].result)
			fail_msg("%s", answers[i].rule);
		card_forget(state);
	}
}

static void the_question_changes_nothing(void **state)
{
	struct write_seen seen;
	const struct certificate *one;

	(void)state;
	assert_int_equal(granted("", "--label Alice --key ec:P-256"), 0);
	assert_int_equal(card_calls(" C_SetAttributeValue "), 1);
	one = card_certificate(ID_SIGNATURE);
	assert_int_equal(write_look(card.token, one->object, &seen, NULL), 0);
	assert_int_equal(seen.label.length, one->label.length);
	assert_memory_equal(seen.label.bytes, one->label.bytes, one->label.length);
	assert_true(object_id_equal(&seen.id, &one->id));
	card_forget(NULL);
	assert_int_equal(granted("", "--label Alice --key ec:P-256 --unmodifiable"), 0);
	assert_int_equal(card_calls(" C_SetAttributeValue "), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_A_CARD(only_a_no_is_taken_for_one),
	    WITH_A_CARD(the_question_changes_nothing),
	};

	return cmocka_run_group_tests_name("card leave", tests, card_begin, folder_remove);
}
