/* SPDX-License-Identifier: MIT */
/*
 * watch-memory SECONDS: looks at every process of ours again and again, for so long, and says for
 * each program in KiB: the highest peak of its resident memory, and the most private dirty memory
 * that was seen.
 */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PROGRAMS_MAX = 16, PROGRAM_LENGTH = 32, PAUSE_NS = 200000 };

static struct seen {
	char program[PROGRAM_LENGTH];
	long peak;
	long dirty;
} seen[PROGRAMS_MAX];

/* The number behind `name` in /proc/PID/FILE; -1 where it is not. */
static long read_number(const char *pid, const char *file, const char *name)
{
	char path[64], line[256];
	long number = -1;
	FILE *opened;

	snprintf(path, sizeof(path), "/proc/%.16s/%s", pid, file);
	opened = fopen(path, "re");
	while (opened != NULL && number < 0 && fgets(line, sizeof(line), opened) != NULL)
		if (strncmp(line, name, strlen(name)) == 0)
			number = strtol(line + strlen(name), NULL, 10);
	if (opened != NULL)
		fclose(opened);
	return number;
}

/* The base name of what it runs: arguments say what they like, the kernel's short name is short. */
static void program_of(const char *pid, char program[PROGRAM_LENGTH])
{
	char path[64], file[256];
	const char *slash;
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%.16s/exe", pid);
	length = readlink(path, file, sizeof(file) - 1);
	file[length < 0 ? 0 : length] = '\0';
	slash = strrchr(file, '/');
	snprintf(program, PROGRAM_LENGTH, "%.31s", slash != NULL ? slash + 1 : "");
}

static void look_at(const char *pid)
{
	char program[PROGRAM_LENGTH];
	long peak, dirty;

	program_of(pid, program);
	if (strncmp(program, "certrenew", strlen("certrenew")) != 0)
		return;
	peak = read_number(pid, "status", "VmHWM:");
	dirty = read_number(pid, "smaps_rollup", "Private_Dirty:");
	for (struct seen *one = seen; one < seen + PROGRAMS_MAX; one++) {
		if (one->program[0] != '\0' && strcmp(one->program, program) != 0)
			continue;
		memcpy(one->program, program, sizeof(program));
		if (peak > one->peak)
			one->peak = peak;
		if (dirty > one->dirty)
			one->dirty = dirty;
		return;
	}
}

static void look(void)
{
	DIR *processes = opendir("/proc");
	const struct dirent *one;

	while (processes != NULL && (one = readdir(processes)) != NULL)
		if (isdigit((unsigned char)one->d_name[0]))
			look_at(one->d_name);
	if (processes != NULL)
		closedir(processes);
}

int main(int count, char *arguments[])
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	time_t end = time(NULL) + (count == 2 ? strtol(arguments[1], NULL, 10) : 0);

	do {
		look();
		nanosleep(&pause, NULL);
	} while (time(NULL) < end);
	for (const struct seen *one = seen; one < seen + PROGRAMS_MAX; one++)
		if (one->program[0] != '\0')
			printf("%s %ld %ld\n", one->program, one->peak, one->dirty);
	return 0;
}
