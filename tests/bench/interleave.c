/* SPDX-License-Identifier: MIT */
/*
 * interleave PLAN ROUNDS RAW.json: runs the plan's commands in rounds, each once in every round and
 * in another order each time, so that what else the machine does hits them alike, and writes what
 * each run took. A line of the plan is a name, a command (divided at blanks, no shell), and, if
 * there is something to do before each run that is not timed, a command for the shell; tabs between
 * them. What a command prints is in RAW.json.log, until the next one runs; one that fails ends it
 * all, unless a '!' stands before the command. None has a terminal: whoever would ask there reads
 * what $INPUT names.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>

enum { CASES_MAX = 64, WORDS_MAX = 32, LINE_BYTES = 4096, WARM_UP_ROUNDS = 2, HANGS_S = 120 };

struct run {
	double wall_ms;
	double cpu_ms;
	long rss_kib;
};

struct one_case {
	char *name;
	char *words[WORDS_MAX];
	char *reset;
	bool may_fail;
	struct run *runs;
};

static struct one_case cases[CASES_MAX];
static size_t case_count;
static long rounds;

static void give_up(const char *what, const char *name)
{
	fprintf(stderr, "interleave: %s: %s\n", name, what);
	exit(1);
}

static void read_case(char *line)
{
	struct one_case *one = &cases[case_count];
	char *command, *rest;
	size_t count = 0;

	one->name = strtok_r(line, "\t", &rest);
	command = strtok_r(NULL, "\t", &rest);
	one->reset = strtok_r(NULL, "\t", &rest);
	if (one->name == NULL || command == NULL)
		give_up("no command", line);
	one->may_fail = command[0] == '!';
	for (char *word = strtok_r(command + one->may_fail, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest)) {
		if (count == WORDS_MAX - 1)
			give_up("too many words", one->name);
		one->words[count++] = word;
	}
	one->runs = calloc((size_t)rounds, sizeof(*one->runs));
	if (one->runs == NULL)
		give_up("no memory", one->name);
	case_count++;
}

static void read_plan(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[LINE_BYTES];

	if (file == NULL)
		give_up(strerror(errno), path);
	while (fgets(line, sizeof(line), file) != NULL) {
		char *copy;

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#')
			continue;
		copy = strdup(line);
		if (copy == NULL || case_count == CASES_MAX)
			give_up("too many cases", path);
		read_case(copy);
	}
	fclose(file);
	if (case_count == 0)
		give_up("no case", path);
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double in_ms(struct timeval time)
{
	return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

/* What it left behind in the background, now our children, is not waited for by whoever started it,
 * but is what it costs, too; and it shall not be running beside the next one. */
static void count_left_behind(struct run *run)
{
	struct rusage usage;

	for (;;) {
		if (wait4(-1, NULL, 0, &usage) < 0) {
			if (errno == ECHILD)
				return;
			give_up(strerror(errno), "waiting");
		}
		run->cpu_ms += in_ms(usage.ru_utime) + in_ms(usage.ru_stime);
		if (usage.ru_maxrss > run->rss_kib)
			run->rss_kib = usage.ru_maxrss;
	}
}

/* From before it is started until it has ended. */
static struct run time_one(char *const *words, const posix_spawn_file_actions_t *files,
			   const char *name, bool may_fail)
{
	struct rusage usage;
	posix_spawnattr_t alone;
	double start;
	struct run run;
	int error, status;
	pid_t child;

	if (posix_spawnattr_init(&alone) != 0 ||
	    posix_spawnattr_setflags(&alone, POSIX_SPAWN_SETSID) != 0)
		give_up("no memory", name);
	start = now_ms();
	error = posix_spawnp(&child, words[0], files, &alone, words, environ);
	if (error != 0)
		give_up(strerror(error), words[0]);
	alarm(HANGS_S);
	if (wait4(child, &status, 0, &usage) != child)
		give_up(strerror(errno), name);
	run.wall_ms = now_ms() - start;
	run.cpu_ms = in_ms(usage.ru_utime) + in_ms(usage.ru_stime);
	run.rss_kib = usage.ru_maxrss;
	count_left_behind(&run);
	alarm(0);
	posix_spawnattr_destroy(&alone);
	if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && !may_fail))
		give_up("failed", name);
	return run;
}

static void run_case(struct one_case *one, const char *log, struct run *ret_run)
{
	posix_spawn_file_actions_t files;
	const char *input = getenv("INPUT");
	char shell[] = "/bin/sh", option[] = "-c";
	char *reset[] = {shell, option, one->reset, NULL};

	if (posix_spawn_file_actions_init(&files) != 0 ||
	    posix_spawn_file_actions_addopen(
		&files, STDIN_FILENO, input != NULL ? input : "/dev/null", O_RDONLY, 0) != 0 ||
	    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log,
					     O_WRONLY | O_CREAT | O_TRUNC, 0644) != 0 ||
	    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO) != 0)
		give_up("no memory", one->name);
	if (one->reset != NULL)
		time_one(reset, &files, one->name, false);
	*ret_run = time_one(one->words, &files, one->name, one->may_fail);
	posix_spawn_file_actions_destroy(&files);
}

/* The same orders each time that the bench is run. */
static void run_rounds(const char *log)
{
	size_t order[CASES_MAX];

	srandom(1);
	for (size_t i = 0; i < case_count; i++)
		order[i] = i;
	for (long round = -WARM_UP_ROUNDS; round < rounds; round++) {
		for (size_t i = case_count - 1; i > 0; i--) {
			size_t other = (size_t)random() % (i + 1), kept = order[i];

			order[i] = order[other];
			order[other] = kept;
		}
		for (size_t i = 0; i < case_count; i++) {
			struct run run;

			run_case(&cases[order[i]], log, &run);
			if (round >= 0)
				cases[order[i]].runs[round] = run;
		}
	}
}

static void write_machine(FILE *raw)
{
	char line[LINE_BYTES] = "", *model = line;
	FILE *file = fopen("/proc/cpuinfo", "re");
	struct utsname kernel;
	double load[1] = {0};
	time_t now = time(NULL);
	char date[sizeof("2026-11-22T09:00:00Z")];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "model name\t: ", strlen("model name\t: ")) == 0) {
			model = line + strlen("model name\t: ");
			break;
		}
	if (file != NULL)
		fclose(file);
	model[strcspn(model, "\n\"\\")] = '\0';
	uname(&kernel);
	getloadavg(load, 1);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	fprintf(raw, "\"date\": \"%s\", \"processor\": \"%s\", \"processors\": %ld,\n", date, model,
		sysconf(_SC_NPROCESSORS_ONLN));
	fprintf(raw, "\"kernel\": \"%s\", \"load\": %.2f, \"rounds\": %ld,\n", kernel.release,
		load[0], rounds);
}

static void write_raw(const char *path)
{
	FILE *raw = fopen(path, "we");

	if (raw == NULL)
		give_up(strerror(errno), path);
	fputs("{", raw);
	write_machine(raw);
	fputs("\"cases\": [\n", raw);
	for (size_t i = 0; i < case_count; i++) {
		fprintf(raw, "{\"name\": \"%s\"", cases[i].name);
		fputs(",\n \"wall_ms\": [", raw);
		for (long r = 0; r < rounds; r++)
			fprintf(raw, "%s%.3f", r ? ", " : "", cases[i].runs[r].wall_ms);
		fputs("],\n \"cpu_ms\": [", raw);
		for (long r = 0; r < rounds; r++)
			fprintf(raw, "%s%.3f", r ? ", " : "", cases[i].runs[r].cpu_ms);
		fputs("],\n \"rss_kib\": [", raw);
		for (long r = 0; r < rounds; r++)
			fprintf(raw, "%s%ld", r ? ", " : "", cases[i].runs[r].rss_kib);
		fprintf(raw, "]}%s\n", i + 1 < case_count ? "," : "");
	}
	fputs("]}\n", raw);
	if (fclose(raw) != 0)
		give_up(strerror(errno), path);
}

int main(int count, char *arguments[])
{
	char log[LINE_BYTES];

	rounds = count == 4 ? strtol(arguments[2], NULL, 10) : 0;
	if (rounds < 1) {
		fprintf(stderr, "usage: interleave PLAN ROUNDS RAW.json\n");
		return 2;
	}
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		give_up(strerror(errno), "becoming the reaper");
	read_plan(arguments[1]);
	snprintf(log, sizeof(log), "%s.log", arguments[3]);
	run_rounds(log);
	write_raw(arguments[3]);
	return 0;
}
