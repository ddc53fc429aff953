/* SPDX-License-Identifier: MIT */
/* The names of system calls, by which a driver's needs are logged and configured. */
#include <sys/syscall.h>

#include "conf/config_checks.h"
#include "conf/system_calls.h"
#include "tests/unit/unit.h"

static void names_are_the_kernels(void **state)
{
	(void)state;
	assert_int_equal(system_call_number("clone"), SYS_clone);
	assert_int_equal(system_call_number("ptrace"), SYS_ptrace);
	assert_int_equal(system_call_number("landlock_restrict_self"), SYS_landlock_restrict_self);
	assert_string_equal(system_call_name(SYS_kill), "kill");
	assert_string_equal(system_call_name(SYS_socket), "socket");
	assert_string_equal(system_call_name(SYS_clone3), "clone3");
}

static void each_number_has_one_name(void **state)
{
	(void)state;
	for (unsigned number = 0; number < 400; number++) {
		const char *name = system_call_name(number);

		if (strcmp(name, "unknown") != 0)
			assert_int_equal(system_call_number(name), number);
	}
}

static void what_is_no_call_has_no_name_and_no_number(void **state)
{
	(void)state;
	assert_string_equal(system_call_name(0x40000000U), "unknown");
	assert_string_equal(system_call_name(UINT32_MAX), "unknown");
	assert_int_equal(system_call_number(""), -1);
	assert_int_equal(system_call_number("Clone"), -1);
	assert_int_equal(system_call_number("unknown"), -1);
}

static void the_configuration_takes_names_only(void **state)
{
	struct config_reason reason = {""};

	(void)state;
	assert_int_equal(config_check_call("sched_setaffinity", &reason), 0);
	assert_int_equal(config_check_call("62", &reason), -1);
	assert_non_null(strstr(reason.text, "'62' is not the name of a system call"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_the_kernels),
	    cmocka_unit_test(each_number_has_one_name),
	    cmocka_unit_test(what_is_no_call_has_no_name_and_no_number),
	    cmocka_unit_test(the_configuration_takes_names_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
