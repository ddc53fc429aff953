/* SPDX-License-Identifier: MIT */
/* Texts made fit to show, whatever they are: clean, bounded, cut at a character's border. */
#include <stdlib.h>
#include <string.h>

#include "helper/ca/said.h"
#include "helper/common/answer.h"
#include "helper/common/message.h"
#include "helper/common/token_name.h"
#include "helper/common/utf8.h"
#include "helper/words/sentence.h"
#include "tests/fuzz/input.h"

static void cleaned(const char *text, size_t size)
{
	char *clean = malloc(size), *again = malloc(size), *line = malloc(size);
	size_t length;

	MUST(clean != NULL && again != NULL && line != NULL);
	length = utf8_clean(text, clean, size);
	MUST(length == strlen(clean) && length < size && input_is_clean(clean));
	MUST(utf8_is_valid((const unsigned char *)clean, length));
	/* What is clean is left alone. */
	MUST(utf8_clean(clean, again, size) == length && strcmp(clean, again) == 0);
	if (input_is_clean(text) && strlen(text) < size)
		MUST(strcmp(clean, text) == 0);
	MUST(utf8_clean_line(text, line, size) == length && input_is_clean_line(line));
	free(clean);
	free(again);
	free(line);
}

static void in_sentences(const char *text)
{
	char name[NAME_MAX_SHOWN], sentence[SENTENCE_MAX], hex[TOKEN_NAME_MAX];

	MUST(input_is_clean_line(sentence_name(name, text)));
	sentence_make(sentence, "%s: %s", name, name);
	sentence_add(sentence, name);
	sentence_add_line(sentence, name);
	MUST(strlen(sentence) < SENTENCE_MAX && input_is_clean(sentence));
	/* A path of this name stays in its folder. */
	token_name(text, text, hex);
	MUST(strlen(hex) < TOKEN_NAME_MAX && hex[strspn(hex, "abcdefl-0123456789")] == '\0');
}

static void in_a_message(const char *text)
{
	struct message *message = message_new(MESSAGE_NOTICE);
	unsigned char *frame = NULL;
	size_t length = 0;

	message_put_text(message, FIELD_SENTENCE, text);
	MUST(input_is_clean(message_text(message, FIELD_SENTENCE)));
	MUST(message_encode(message, &frame, &length) == 0);
	free(frame);
	message_free(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct input input = {data, size};
	size_t room = 1 + input_short(&input) % 5000;
	char *text = input_text(input.at, input.left);

	cleaned(text, room);
	in_sentences(text);
	in_a_message(text);
	said_keep((const unsigned char *)text, input.left, &failure);
	MUST(input_is_clean_line(failure.said));
	(void)answer_means("yes y", text);
	free(text);
	return 0;
}
