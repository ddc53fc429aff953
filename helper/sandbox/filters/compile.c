/* SPDX-License-Identifier: MIT */
/*
 * Compiles the rules for this architecture, when certrenew is built, and prints C for filter.c.
 * Whatever a rule forbids is trapped (SECCOMP_RET_TRAP), so that the number of the call is known.
 */
#include <errno.h>
#include <linux/filter.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "helper/sandbox/filters/rules.h"

static struct scmp_arg_cmp compared(const struct condition *condition)
{
	const struct {
		enum scmp_compare how;
		scmp_datum_t first, second;
	} by[] = {
	    [IS] = {SCMP_CMP_MASKED_EQ, 0xffffffffU, condition->value},
	    [IS_NOT] = {SCMP_CMP_NE, condition->value, 0},
	    [HAS] = {SCMP_CMP_MASKED_EQ, condition->value, condition->value},
	    [HAS_NOT] = {SCMP_CMP_MASKED_EQ, condition->value, 0},
	    [IS_NULL] = {SCMP_CMP_EQ, 0, 0},
	};

	return (struct scmp_arg_cmp){condition->argument, by[condition->how].how,
				     by[condition->how].first, by[condition->how].second};
}

static int add(scmp_filter_ctx context, const struct rule *rule, uint32_t action)
{
	struct scmp_arg_cmp arguments[2];
	unsigned count = 0;

	while (count < 2 && rule->conditions[count].how != ANY) {
		arguments[count] = compared(&rule->conditions[count]);
		count++;
	}
	return seccomp_rule_add_exact_array(context, action, rule->call, count, arguments);
}

/*
 * Calls that fail, and end nobody. glibc makes threads by clone3, whose flags no filter can see,
 * and by clone where that is missing. A scheduler's settings may be another process's, and the
 * threads of GLib, which OpenSC brings along, do without. openat2's flags no filter sees, either;
 * and a folder that Landlock closes could be watched for the names in it.
 */
static const struct {
	int call;
	int error;
} refused[] = {
    {SCMP_SYS(clone3), ENOSYS},
    {SCMP_SYS(openat2), ENOSYS},
    {SCMP_SYS(inotify_add_watch), EACCES},
    {SCMP_SYS(fanotify_mark), EACCES},
    {SCMP_SYS(setpriority), EPERM},
    {SCMP_SYS(ioprio_set), EPERM},
    {SCMP_SYS(sched_setparam), EPERM},
    {SCMP_SYS(sched_setscheduler), EPERM},
    {SCMP_SYS(sched_setattr), EPERM},
    {SCMP_SYS(sched_setaffinity), EPERM},
};

static int add_refused(scmp_filter_ctx context)
{
	int result = 0;

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]) && result == 0; i++)
		result = seccomp_rule_add(context, SCMP_ACT_ERRNO((unsigned)refused[i].error),
					  refused[i].call, 0);
	return result;
}

/* Of SIGSYS, by which we learn of a violation, a driver's runtime may believe that it handles it.
 */
static int keep_sigsys(scmp_filter_ctx context)
{
	const struct scmp_arg_cmp is_sigsys = SCMP_A0(SCMP_CMP_MASKED_EQ, 0xffffffffU, SIGSYS);

	return seccomp_rule_add_exact_array(context, SCMP_ACT_ERRNO(0), SCMP_SYS(rt_sigaction), 1,
					    &is_sigsys);
}

static int print(scmp_filter_ctx context, const char *name)
{
	struct sock_filter instruction;
	int file = memfd_create("filter", 0);

	if (file < 0 || seccomp_export_bpf(context, file) < 0 || lseek(file, 0, SEEK_SET) < 0)
		return -1;
	printf("static const struct sock_filter %s[] = {\n", name);
	while (read(file, &instruction, sizeof(instruction)) == (ssize_t)sizeof(instruction))
		printf("\t{%u, %u, %u, %uU},\n", instruction.code, instruction.jt, instruction.jf,
		       instruction.k);
	puts("};");
	return close(file);
}

/* `first`: of what is forbidden, the rest is permitted; else the other way round. */
static int compile(const char *name, int program, bool first)
{
	const struct rule *rules = first ? forbidden_before_driver : permitted_after_driver;
	size_t count = first ? forbidden_before_driver_count : permitted_after_driver_count;
	scmp_filter_ctx context = seccomp_init(first ? SCMP_ACT_ALLOW : SCMP_ACT_TRAP);
	int result = context == NULL ? -ENOMEM : 0;

	/* Other architectures' calls, which x86 processes could make: no number tells what they
	 * are. */
	if (result == 0)
		result = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	/* A tree of numbers: the kernel walks the filter once for each of them when it is loaded.
	 */
	if (result == 0)
		result = seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (result == 0)
		result = add_refused(context);
	if (result == 0 && first)
		result = keep_sigsys(context);
	for (size_t i = 0; i < count && result == 0; i++)
		if ((rules[i].programs & program) != 0 && rules[i].call >= 0)
			result = add(context, &rules[i], first ? SCMP_ACT_TRAP : SCMP_ACT_ALLOW);
	if (result == 0)
		result = print(context, name);
	seccomp_release(context);
	if (result < 0)
		fprintf(stderr, "%s: %s\n", name, strerror(-result));
	return result;
}

int main(void)
{
	if (compile("check_before_driver", CHECK, true) < 0 ||
	    compile("check_after_driver", CHECK, false) < 0 ||
	    compile("renew_before_driver", RENEW, true) < 0 ||
	    compile("renew_after_driver", RENEW, false) < 0)
		return EXIT_FAILURE;
	puts("static const struct filter filters[][2] = {");
	for (int i = 0; i < 2; i++)
		printf("\t[SANDBOX_%s] = {{%s_before_driver, sizeof(%s_before_driver) / 8},\n"
		       "\t\t{%s_after_driver, sizeof(%s_after_driver) / 8}},\n",
		       i ? "RENEW" : "CHECK", i ? "renew" : "check", i ? "renew" : "check",
		       i ? "renew" : "check", i ? "renew" : "check");
	puts("};");
	printf("enum { filters_architecture = %uU };\n", seccomp_arch_native());
	return EXIT_SUCCESS;
}
