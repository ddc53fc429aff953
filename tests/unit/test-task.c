/* SPDX-License-Identifier: MIT */
/* What root tells check and renew to do, as their command line. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper/common/task.h"
#include "tests/unit/unit.h"

static const struct task usual = {
    .action = REQUEST_RENEW,
    .prompt = PROMPT_REQUIRE,
    .config = "/etc/certrenew.conf",
    .language = "zh_TW.UTF-8",
    .token_label = "陳美玲的卡",
    .token_serial = "7b1109af35f4fa21",
    .issuer = "CN=機關憑證管理中心,O=行政院,C=TW",
    .serial = "4E074A627450B9F1",
    .reason = 1,
    .uid = 1000,
    .unfinished = "3731,label-41",
    .assume_yes = true,
    .detached = false,
};

static int count_of(char *const *arguments)
{
	int count = 0;

	while (arguments[count] != NULL)
		count++;
	return count;
}

static void assert_same(const struct task *a, const struct task *b)
{
	assert_int_equal(a->action, b->action);
	assert_int_equal(a->prompt, b->prompt);
	assert_string_equal(a->config, b->config);
	assert_string_equal(a->language, b->language);
	assert_string_equal(a->token_label, b->token_label);
	assert_string_equal(a->token_serial, b->token_serial);
	assert_string_equal(a->issuer, b->issuer);
	assert_string_equal(a->serial, b->serial);
	assert_int_equal(a->busy, b->busy);
	assert_int_equal(a->reason, b->reason);
	assert_int_equal(a->uid, b->uid);
	assert_string_equal(a->unfinished, b->unfinished);
	assert_int_equal(a->assume_yes, b->assume_yes);
	assert_int_equal(a->detached, b->detached);
	assert_int_equal(a->console, b->console);
	assert_int_equal(a->desktop, b->desktop);
	assert_int_equal(a->fresh, b->fresh);
	assert_int_equal(a->certificates, b->certificates);
}

static void assert_travels(const struct task *task)
{
	char text[TASK_TEXT_MAX], *arguments[TASK_ARGUMENTS];
	struct task got = {.config = NULL};

	assert_int_equal(task_write(task, "/program", text, arguments), 0);
	assert_string_equal(arguments[0], "/program");
	assert_true(count_of(arguments) < TASK_ARGUMENTS);
	assert_int_equal(task_read(count_of(arguments), arguments, &got), 0);
	assert_same(&got, task);
}

static void every_field_travels(void **state)
{
	struct task task = usual;

	(void)state;
	assert_travels(&usual);
	for (int action = REQUEST_LOGIN; action <= REQUEST_VERIFY; action++) {
		task.action = (enum request_action)action;
		for (int prompt = PROMPT_OFF; prompt <= PROMPT_REQUIRE; prompt++) {
			task.prompt = (enum config_prompt)prompt;
			for (int flags = 0; flags < 64; flags++) {
				task.assume_yes = (flags & 1) != 0;
				task.detached = (flags & 2) != 0;
				task.console = (flags & 4) != 0;
				task.fresh = (flags & 8) != 0;
				task.desktop = (flags & 16) != 0;
				task.certificates = (flags & 32) != 0;
				assert_travels(&task);
			}
		}
	}
}

static void a_hostile_value_stays_a_value(void **state)
{
	static const char *const values[] = {
	    "",	      " ",    "--record=/etc/passwd", "=",    "a=b",   "\n--detached",	 "%s%n",
	    "; true", "$(x)", "\x01\xFF\x80",	      "\"'`", "-task", "--task=1,2,3,4",
	};
	struct task task;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		task = usual;
		task.config = values[i];
		assert_travels(&task);
		task = usual;
		task.language = values[i];
		assert_travels(&task);
		task = usual;
		task.token_label = values[i];
		task.token_serial = values[i];
		assert_travels(&task);
		task = usual;
		task.issuer = values[i];
		task.serial = values[i];
		assert_travels(&task);
		task = usual;
		task.unfinished = values[i];
		assert_travels(&task);
	}
}

static void values_that_do_not_fit_are_an_error(void **state)
{
	char *text = malloc(TASK_TEXT_MAX), *arguments[TASK_ARGUMENTS], value[2 * TASK_TEXT_MAX];
	struct task task = usual;
	size_t length = 0;
	int result = 0;

	(void)state;
	assert_non_null(text);
	/* From one that fits on, a byte longer each time. */
	for (length = 1; length < sizeof(value) - 1 && result == 0; length++) {
		memset(value, 'x', length);
		value[length] = '\0';
		task.unfinished = value;
		result = task_write(&task, "/program", text, arguments);
		if (result == 0)
			assert_string_equal(
			    arguments[count_of(arguments) - 1] + strlen("--unfinished="), value);
	}
	assert_int_equal(result, -1);
	assert_in_range(length, TASK_TEXT_MAX / 2, TASK_TEXT_MAX);
	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	task = usual;
	task.config = value;
	assert_int_equal(task_write(&task, "/program", text, arguments), -1);
	free(text);
}

static void assert_refused(int count, char *arguments[])
{
	struct task got = usual;

	assert_int_equal(task_read(count, arguments, &got), -1);
	assert_same(&got, &usual);
}

static void the_largest_numbers_travel(void **state)
{
	struct task task = usual;

	(void)state;
	task.uid = UINT32_MAX;
	task.reason = REQUEST_REASON_MAX;
	assert_travels(&task);
	task.uid = 0;
	task.reason = 0;
	assert_travels(&task);
}

static void another_number_of_arguments_is_refused(void **state)
{
	char text[TASK_TEXT_MAX], *arguments[TASK_ARGUMENTS + 1];
	int count;

	(void)state;
	assert_int_equal(task_write(&usual, "/program", text, arguments), 0);
	count = count_of(arguments);
	for (int fewer = 0; fewer < count; fewer++)
		assert_refused(fewer, arguments);
	arguments[count] = (char *)"--debug=1";
	arguments[count + 1] = NULL;
	assert_refused(count + 1, arguments);
}

static void unknown_arguments_and_another_order_are_refused(void **state)
{
	static const char *const others[] = {
	    "", "-", "--", "--task", "task=1,2,0,0", "--tasks=1,2,0,0", "--verbose=1", "--help"};
	char text[TASK_TEXT_MAX], *arguments[TASK_ARGUMENTS], *kept;
	int count;

	(void)state;
	assert_int_equal(task_write(&usual, "/program", text, arguments), 0);
	count = count_of(arguments);
	for (int i = 1; i < count; i++) {
		kept = arguments[i];
		for (size_t j = 0; j < COUNT_OF(others); j++) {
			arguments[i] = (char *)others[j];
			assert_refused(count, arguments);
		}
		if (i + 1 < count) {
			arguments[i] = arguments[i + 1];
			arguments[i + 1] = kept;
			assert_refused(count, arguments);
			arguments[i + 1] = arguments[i];
		}
		arguments[i] = kept;
	}
}

static void numbers_that_are_none_are_refused(void **state)
{
	static const char *const numbers[] = {
	    "--task=",
	    "--task=1",
	    "--task=1,2,0",
	    "--task=a,2,0,0,0,0,0,0,0,1,1000",
	    "--task=4;2;0;0;0;0;0;0;0;1;1000",
	    "--task=,,,,,,,,",
	    "--task=4,2,0,0,0,0,0,0,0,1,",
	    "--task=4,2,0,0,0,0,0,0,0,1",
	    /* trailing bytes */
	    "--task=4,2,0,0,0,0,0,0,0,1,1000,",
	    "--task=4,2,0,0,0,0,0,0,0,1,1000,0",
	    "--task=4,2,0,0,0,0,0,0,0,1,1000 ",
	    "--task=4,2,0,0,0,0,0,0,0,1,1000x",
	    /* not as they are written */
	    "--task=04,2,0,0,0,0,0,0,0,1,1000",
	    "--task=4,+2,0,0,0,0,0,0,0,1,1000",
	    "--task=4, 2,0,0,0,0,0,0,0,1,1000",
	    "--task=4,2,0,0,0,0,0,0,0,0x1,1000",
	    "--task=4,2,0,0,0,0,0,0,0,1,00",
	    /* out of range */
	    "--task=0,2,0,0,0,0,0,0,0,1,1000",
	    "--task=11,2,0,0,0,0,0,0,0,1,1000",
	    "--task=-4,2,0,0,0,0,0,0,0,1,1000",
	    "--task=4,4,0,0,0,0,0,0,0,1,1000",
	    "--task=4,2,2,0,0,0,0,0,0,1,1000",
	    "--task=4,2,0,0,0,0,0,0,0,11,1000",
	    "--task=4,2,0,0,0,0,0,0,0,-1,1000",
	    "--task=4,2,0,0,0,0,0,0,0,1,-1",
	    "--task=4,2,0,0,0,0,0,0,0,1,4294967296",
	    "--task=4,2,0,0,0,0,0,0,0,1,18446744073709551617",
	    "--task=4294967300,2,0,0,0,0,0,0,0,1,1000",
	};
	char text[TASK_TEXT_MAX], *arguments[TASK_ARGUMENTS];

	(void)state;
	assert_int_equal(task_write(&usual, "/program", text, arguments), 0);
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		arguments[1] = (char *)numbers[i];
		assert_refused(count_of(arguments), arguments);
	}
}

/* Runs `look` in a process that has begun as check and renew do. */
static void begun(bool (*look)(void))
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		task_begin("test-task");
		_exit(look() ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static bool is_not_dumpable(void)
{
	return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
}

static bool dies_with_its_parent(void)
{
	int number = 0;

	return prctl(PR_GET_PDEATHSIG, &number, 0, 0, 0) == 0 && number == SIGKILL;
}

static bool survives_a_closed_pipe(void)
{
	int ends[2];

	return pipe(ends) == 0 && close(ends[0]) == 0 && write(ends[1], "x", 1) < 0;
}

static void a_child_leaves_no_core_and_cannot_be_traced(void **state)
{
	(void)state;
	begun(is_not_dumpable);
}

static void a_child_ends_with_the_helper(void **state)
{
	(void)state;
	begun(dies_with_its_parent);
}

static void a_child_is_not_ended_by_a_closed_pipe(void **state)
{
	(void)state;
	begun(survives_a_closed_pipe);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_field_travels),
	    cmocka_unit_test(a_hostile_value_stays_a_value),
	    cmocka_unit_test(values_that_do_not_fit_are_an_error),
	    cmocka_unit_test(the_largest_numbers_travel),
	    cmocka_unit_test(another_number_of_arguments_is_refused),
	    cmocka_unit_test(unknown_arguments_and_another_order_are_refused),
	    cmocka_unit_test(numbers_that_are_none_are_refused),
	    cmocka_unit_test(a_child_leaves_no_core_and_cannot_be_traced),
	    cmocka_unit_test(a_child_ends_with_the_helper),
	    cmocka_unit_test(a_child_is_not_ended_by_a_closed_pipe),
	};

	return cmocka_run_group_tests_name("task", tests, NULL, NULL);
}
