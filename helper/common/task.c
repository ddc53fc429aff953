/* SPDX-License-Identifier: MIT */
#include "helper/common/task.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "helper/common/log.h"
#include "helper/common/secret.h"

/* The texts, in the order of struct task; numbers come first on the command line. */
static const char *const text_names[] = {"config", "language", "token-label", "token-serial",
					 "issuer", "serial",   "unfinished"};
enum { TEXTS = sizeof(text_names) / sizeof(text_names[0]), NUMBERS = 11 };

static void texts_of(const struct task *task, const char *texts[TEXTS])
{
	texts[0] = task->config;
	texts[1] = task->language;
	texts[2] = task->token_label;
	texts[3] = task->token_serial;
	texts[4] = task->issuer;
	texts[5] = task->serial;
	texts[6] = task->unfinished;
}

static char *append(char *text, size_t *used, const char *name, const char *value)
{
	char *at = text + *used;
	int length = snprintf(at, TASK_TEXT_MAX - *used, "--%s=%s", name, value);

	if (length < 0 || (size_t)length >= TASK_TEXT_MAX - *used)
		return NULL;
	*used += (size_t)length + 1;
	return at;
}

int task_write(const struct task *task, const char *program, char text[TASK_TEXT_MAX],
	       char *arguments[TASK_ARGUMENTS])
{
	const char *texts[TEXTS];
	char numbers[64];
	size_t used = 0, count = 0;

	texts_of(task, texts);
	snprintf(numbers, sizeof(numbers), "%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%u", (int)task->action,
		 (int)task->prompt, task->assume_yes, task->detached, task->console, task->desktop,
		 task->fresh, task->certificates, task->busy, task->reason, task->uid);
	arguments[count++] = (char *)program;
	arguments[count] = append(text, &used, "task", numbers);
	if (arguments[count++] == NULL)
		return -1;
	for (size_t i = 0; i < TEXTS; i++) {
		arguments[count] = append(text, &used, text_names[i], texts[i]);
		if (arguments[count++] == NULL)
			return -1;
	}
	arguments[count] = NULL;
	return 0;
}

static int read_text(const char *argument, const char *name, const char **ret)
{
	size_t length = strlen(name);

	if (strncmp(argument, "--", 2) != 0 || strncmp(argument + 2, name, length) != 0 ||
	    argument[2 + length] != '=')
		return -1;
	*ret = argument + 2 + length + 1;
	return 0;
}

/*
 * Decimal numbers of no more than `most` each, as task_write writes them: no sign, no leading zero,
 * no blank, and nothing behind the last. Returns 0, or -1.
 */
static int read_numbers(const char *text, const unsigned most[NUMBERS], unsigned ret[NUMBERS])
{
	uint64_t number;
	size_t digits;

	for (int i = 0; i < NUMBERS; i++) {
		digits = strspn(text, "0123456789");
		if (digits == 0 || digits > 10 || (digits > 1 && text[0] == '0') ||
		    text[digits] != (i + 1 < NUMBERS ? ',' : '\0'))
			return -1;
		number = strtoull(text, NULL, 10);
		if (number > most[i])
			return -1;
		ret[i] = (unsigned)number;
		text += digits + 1;
	}
	return 0;
}

int task_read(int count, char *arguments[], struct task *ret)
{
	static const unsigned most[NUMBERS] = {
	    REQUEST_VERIFY, PROMPT_REQUIRE, 1, 1, 1, 1, 1, 1, 1, REQUEST_REASON_MAX, UINT32_MAX};
	const char *text, *texts[TEXTS];
	unsigned numbers[NUMBERS];

	if (count != 2 + TEXTS || read_text(arguments[1], "task", &text) < 0 ||
	    read_numbers(text, most, numbers) < 0 || numbers[0] < REQUEST_LOGIN)
		return -1;
	for (int i = 0; i < TEXTS; i++)
		if (read_text(arguments[2 + i], text_names[i], &texts[i]) < 0)
			return -1;
	*ret = (struct task){
	    .action = (enum request_action)numbers[0],
	    .prompt = (enum config_prompt)numbers[1],
	    .config = texts[0],
	    .language = texts[1],
	    .token_label = texts[2],
	    .token_serial = texts[3],
	    .issuer = texts[4],
	    .serial = texts[5],
	    .unfinished = texts[6],
	    .assume_yes = numbers[2] != 0,
	    .detached = numbers[3] != 0,
	    .console = numbers[4] != 0,
	    .desktop = numbers[5] != 0,
	    .fresh = numbers[6] != 0,
	    .certificates = numbers[7] != 0,
	    .busy = numbers[8] != 0,
	    .reason = (int)numbers[9],
	    .uid = numbers[10],
	};
	return 0;
}

void task_begin(const char *program)
{
	/* Neither survives exec and a change of user, so each program sets its own. */
	secret_seal_process();
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() == 1)
		_exit(1);
	signal(SIGPIPE, SIG_IGN);
	log_open(program);
}
