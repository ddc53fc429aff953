/* SPDX-License-Identifier: MIT */
/* The shim keeps the promises that tests/world/shim/script.h makes about calls. */
#include "tests/unit/shim-host.h"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

static long long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void a_script_without_rules_changes_nothing(void **state)
{
	(void)state;
	open_session("");
	assert_int_equal(count_objects(CKO_CERTIFICATE), 2);
	assert_int_equal(count_objects(CKO_PRIVATE_KEY), 0);
	assert_int_equal(login(PIN), CKR_OK);
	assert_int_equal(count_objects(CKO_PRIVATE_KEY), 2);
}

static void a_card_works_as_well_through_the_shim(void **state)
{
	(void)state;
	load("");
	assert_int_equal(
	    run("%s/test-card prove --module %s/shim.so --label Alice --pin %s >output", world,
		world, PIN),
	    0);
	assert_true(file_has("output", "signature ok\nencryption ok\n"));
	unload(NULL);
	load("C_Sign#2 error CKR_DEVICE_ERROR\n");
	assert_int_not_equal(
	    run("%s/test-card prove --module %s/shim.so --label Alice --pin %s >output 2>&1", world,
		world, PIN),
	    0);
	assert_true(file_has("output", "signature ok\n"));
	assert_false(file_has("output", "encryption ok\n"));
}

static void every_function_is_there_and_only_the_list_is_exported(void **state)
{
	void **functions;

	(void)state;
	load("");
	functions = (void **)&shim.p11->C_Initialize;
	for (size_t i = 0; &functions[i] <= (void **)&shim.p11->C_WaitForSlotEvent; i++) {
		assert_non_null(functions[i]);
		for (size_t j = 0; j < i; j++)
			assert_ptr_not_equal(functions[i], functions[j]);
	}
	assert_null(dlsym(shim.handle, "C_Initialize"));
	assert_null(dlsym(shim.handle, "script_read"));
}

static void each_call_is_logged_and_a_pin_never(void **state)
{
	char line[128];

	(void)state;
	open_session("");
	assert_int_equal(login(PIN), CKR_OK);
	assert_int_equal(count_objects(CKO_CERTIFICATE), 2);
	snprintf(line, sizeof(line), "1 %ld C_GetFunctionList → 0x0\n2 %ld C_Initialize → 0x0\n",
		 (long)getpid(), (long)getpid());
	assert_true(file_has("log", line));
	assert_true(file_has("log", "C_OpenSession read-write → 0x0\n"));
	assert_true(file_has("log", "C_Login user pin 6 bytes → 0x0\n"));
	assert_true(file_has("log", "C_FindObjectsInit certificate → 0x0\n"));
	assert_false(file_has("log", PIN));
}

static void an_error_answers_the_call_that_the_rule_names(void **state)
{
	CK_ULONG count;

	(void)state;
	open_session("C_GetSlotList#2 error 0x30\n");
	assert_int_equal(count_slots(&count), CKR_DEVICE_ERROR);
	assert_int_equal(count_slots(&count), CKR_OK);
	unload(NULL);
	open_session("#5 error CKR_DEVICE_MEMORY\n");
	assert_int_equal(count_slots(&count), CKR_DEVICE_MEMORY);
	assert_int_equal(count_slots(&count), CKR_OK);
	unload(NULL);
	open_session("C_Login error CKR_PIN_LOCKED\n");
	assert_int_equal(login(PIN), CKR_PIN_LOCKED);
	assert_int_equal(login(PIN), CKR_PIN_LOCKED);
}

static void a_plus_means_from_then_on(void **state)
{
	CK_ULONG count;

	(void)state;
	open_session("C_GetSlotList#3+ error CKR_GENERAL_ERROR\n");
	assert_int_equal(count_slots(&count), CKR_OK);
	assert_int_equal(count_slots(&count), CKR_GENERAL_ERROR);
	assert_int_equal(count_slots(&count), CKR_GENERAL_ERROR);
	assert_int_equal(login(PIN), CKR_OK);
	unload(NULL);
	open_session("#5+ error CKR_FUNCTION_FAILED\n");
	assert_int_equal(count_slots(&count), CKR_FUNCTION_FAILED);
	assert_int_equal(login(PIN), CKR_FUNCTION_FAILED);
}

static void an_error_comes_instead_of_the_work_or_after_it(void **state)
{
	CK_OBJECT_HANDLE object;

	(void)state;
	open_session("C_CreateObject#1 error CKR_DEVICE_ERROR\n"
		     "C_CreateObject#2 after error CKR_DEVICE_ERROR\n"
		     "C_DestroyObject error CKR_OK\n");
	assert_int_equal(create_data(&object), CKR_DEVICE_ERROR);
	assert_int_equal(count_objects(CKO_DATA), 0);
	assert_int_equal(create_data(&object), CKR_DEVICE_ERROR);
	assert_int_equal(count_objects(CKO_DATA), 1);
	assert_int_equal(shim.p11->C_DestroyObject(shim.session, object), CKR_OK);
	assert_int_equal(count_objects(CKO_DATA), 1);
}

/* Runs C_Initialize in a child, which so has a driver that may crash or hang. */
static pid_t initialise_in_child(void)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
		signal(SIGSEGV, SIG_DFL); /* a sanitizer would make an exit of it */
		_exit(shim.p11->C_Initialize(NULL) == CKR_OK ? 0 : 1);
	}
	return child;
}

static void a_crash_kills_the_process_and_is_logged(void **state)
{
	pid_t child;
	int status = 0;

	(void)state;
	load("C_Initialize crash\n");
	child = initialise_in_child();
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSEGV);
	assert_true(file_has("log", "C_Initialize → crash\n"));
}

static void a_hang_lasts(void **state)
{
	pid_t child;

	(void)state;
	load("C_Initialize hang 60\n");
	child = initialise_in_child();
	poll(NULL, 0, 400);
	assert_int_equal(waitpid(child, NULL, WNOHANG), 0);
	assert_true(file_has("log", "C_Initialize → hang 60\n"));
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void a_delay_only_delays(void **state)
{
	long long before;

	(void)state;
	open_session("C_Login delay 200\n");
	before = milliseconds();
	assert_int_equal(login(PIN), CKR_OK);
	assert_in_range(milliseconds() - before, 200, 5000);
}

static void a_pace_is_a_cards(void **state)
{
	CK_MECHANISM mechanism = {CKM_ECDSA, NULL, 0};
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};
	unsigned char digest[32] = {0}, signature[64], value[512];
	CK_ATTRIBUTE label = {CKA_LABEL, NULL, 0};
	CK_ULONG length = 0, count = 0;
	CK_OBJECT_HANDLE key = 0;
	long long before;

	(void)state;
	open_session("pace 200 300\ncount-bytes\n");
	assert_int_equal(login(PIN), CKR_OK);
	assert_int_equal(shim.p11->C_FindObjectsInit(shim.session, &template, 1), CKR_OK);
	assert_int_equal(shim.p11->C_FindObjects(shim.session, &key, 1, &count), CKR_OK);
	assert_int_equal(shim.p11->C_FindObjectsFinal(shim.session), CKR_OK);
	assert_int_equal(shim.p11->C_SignInit(shim.session, &mechanism, key), CKR_OK);
	assert_int_equal(shim.p11->C_Sign(shim.session, digest, 32, NULL, &length), CKR_OK);
	assert_true(file_has("log", "C_Sign size → 0x0\n"));
	before = milliseconds();
	length = sizeof(signature);
	assert_int_equal(shim.p11->C_Sign(shim.session, digest, 32, signature, &length), CKR_OK);
	assert_in_range(milliseconds() - before, 200, 5000);
	assert_int_equal(shim.p11->C_GetAttributeValue(shim.session, key, &label, 1), CKR_OK);
	assert_true(file_has("log", ", 0 bytes → 0x0\n"));
	label.pValue = value;
	label.ulValueLen = sizeof(value);
	before = milliseconds();
	assert_int_equal(shim.p11->C_GetAttributeValue(shim.session, key, &label, 1), CKR_OK);
	assert_in_range(milliseconds() - before, 300, 5000);
	snprintf((char *)value, sizeof(value), ", %lu bytes → 0x0\n", label.ulValueLen);
	assert_true(file_has("log", (char *)value));
}

static void once_is_once_for_all_processes(void **state)
{
	pid_t child;
	int status = 0;

	(void)state;
	load("C_Initialize crash once crashed\n");
	child = initialise_in_child();
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	child = initialise_in_child();
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void a_rule_for_another_program_is_none(void **state)
{
	CK_ULONG count = 0;

	(void)state;
	load("program certrenew-renew\nC_Initialize crash once crashed\n"
	     "program test-shim\nC_GetSlotList error CKR_DEVICE_ERROR\n");
	assert_int_equal(shim.p11->C_Initialize(NULL), CKR_OK);
	assert_int_equal(count_slots(&count), CKR_DEVICE_ERROR);
}

static void a_forked_child_counts_from_one(void **state)
{
	char line[64];
	pid_t child;

	(void)state;
	load("");
	child = initialise_in_child();
	assert_int_equal(waitpid(child, NULL, 0), child);
	snprintf(line, sizeof(line), "1 %ld C_Initialize → 0x0\n", (long)child);
	assert_true(file_has("log", line));
}

static void a_script_that_is_not_understood_refuses_to_start(void **state)
{
	static const char *const lines[] = {
	    "C_Nothing crash",	    "C_Sign",	      "C_Sign explode", "C_Sign error",
	    "C_Sign error CKR_HUH", "C_Sign#0 crash", "C_Sign#x crash", "#3 crash now",
	    "C_Sign crash once",    "flags LOCKED",   "flags +HUH",	"mechanism 0x1",
	    "pin-tries 0 /f",	    "module",	      "module /a /b",	"log /other",
	    "C_Sign#2+3 crash",	    "hello",	      "program",
	};
	int saved = dup(STDERR_FILENO);

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_non_null(freopen("errors", "we", stderr));
		load(lines[i]);
		assert_int_equal(shim.p11->C_Initialize(NULL), CKR_ARGUMENTS_BAD);
		unload(NULL);
		fflush(stderr);
		assert_true(file_has("errors", "script:3: not understood"));
	}
	dup2(saved, STDERR_FILENO);
	close(saved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PROMISE(a_script_without_rules_changes_nothing),
	    PROMISE(a_card_works_as_well_through_the_shim),
	    PROMISE(every_function_is_there_and_only_the_list_is_exported),
	    PROMISE(each_call_is_logged_and_a_pin_never),
	    PROMISE(an_error_answers_the_call_that_the_rule_names),
	    PROMISE(a_plus_means_from_then_on),
	    PROMISE(an_error_comes_instead_of_the_work_or_after_it),
	    PROMISE(a_crash_kills_the_process_and_is_logged),
	    PROMISE(a_hang_lasts),
	    PROMISE(a_delay_only_delays),
	    PROMISE(a_pace_is_a_cards),
	    PROMISE(once_is_once_for_all_processes),
	    PROMISE(a_rule_for_another_program_is_none),
	    PROMISE(a_forked_child_counts_from_one),
	    PROMISE(a_script_that_is_not_understood_refuses_to_start),
	};

	return cmocka_run_group_tests(tests, make_world, remove_world);
}
