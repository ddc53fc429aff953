/* SPDX-License-Identifier: MIT */
/*
 * Linked into the programs of sanitized builds: they run with a clean environment and /dev/null
 * for stderr, so where findings go is built in. Leaks are valgrind's and the unit tests' matter:
 * the leak checker needs to trace a process that forbids it.
 */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

static const char options[] =
    "log_path=/var/log/sanitizer/finding:detect_leaks=0:print_stacktrace=1:handle_segv=0:"
    "verify_asan_link_order=0"; /* clock.so comes before it */

const char *__asan_default_options(void)
{
	return options;
}

const char *__ubsan_default_options(void)
{
	return options;
}
