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
enum { TEXTS = sizeof(text_names) / sizeof(text_names[0]) };

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
	snprintf(numbers, sizeof(numbers), "%d,%d,%d,%d,%d,%d,%d,%d,%d,%u", (int)task->action,
		 (int)task->prompt, task->assume_yes, task->detached, task->console, task->fresh,
		 task->certificates, task->busy, task->reason, task->uid);
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

int task_read(int count, char *arguments[], struct task *ret)
{
	const char *numbers, *texts[TEXTS];
	int action, prompt, assume_yes, detached, console, fresh, certificates, busy, reason;
	unsigned uid;

	if (count != 2 + TEXTS || read_text(arguments[1], "task", &numbers) < 0 ||
	    sscanf(numbers, "%d,%d,%d,%d,%d,%d,%d,%d,%d,%u", &action, &prompt, &assume_yes,
		   &detached, &console, &fresh, &certificates, &busy, &reason, &uid) != 10)
		return -1;
	for (int i = 0; i < TEXTS; i++)
		if (read_text(arguments[2 + i], text_names[i], &texts[i]) < 0)
			return -1;
	*ret = (struct task){
	    .action = (enum request_action)action,
	    .prompt = (enum config_prompt)prompt,
	    .config = texts[0],
	    .language = texts[1],
	    .token_label = texts[2],
	    .token_serial = texts[3],
	    .issuer = texts[4],
	    .serial = texts[5],
	    .unfinished = texts[6],
	    .assume_yes = assume_yes != 0,
	    .detached = detached != 0,
	    .console = console != 0,
	    .fresh = fresh != 0,
	    .certificates = certificates != 0,
	    .busy = busy != 0,
	    .reason = reason,
	    .uid = uid,
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
