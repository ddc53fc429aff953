/* SPDX-License-Identifier: MIT */
/*
 * test-scan FILE PID...: looks through the whole memory of these processes for the text that FILE
 * holds, in UTF-8 and in UTF-16 of both byte orders, and prints where it is. Exits with 0 if it is
 * nowhere, 1 if it was found, 2 if a process could not be looked at. The text is at least four
 * bytes of ASCII.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_MAX = 256, CHUNK = 1 << 20, SHADOW = 1 << 28 };

struct needle {
	const char *name;
	unsigned char bytes[2 * TEXT_MAX];
	size_t length;
};

static struct needle needles[] = {{.name = "UTF-8"}, {.name = "UTF-16LE"}, {.name = "UTF-16BE"}};
static unsigned char buffer[CHUNK];

static int read_text(const char *path)
{
	char text[TEXT_MAX] = "";
	FILE *file = fopen(path, "r");
	size_t length;

	if (file == NULL || fgets(text, sizeof(text), file) == NULL)
		return -1;
	fclose(file);
	length = strcspn(text, "\n");
	if (length < 4)
		return -1;
	memcpy(needles[0].bytes, text, length);
	needles[0].length = length;
	for (size_t i = 0; i < length; i++) {
		needles[1].bytes[2 * i] = (unsigned char)text[i];
		needles[2].bytes[2 * i + 1] = (unsigned char)text[i];
	}
	needles[1].length = needles[2].length = 2 * length;
	return 0;
}

static bool look(size_t length, uint64_t address, int pid, const char *region)
{
	bool found = false;

	for (size_t i = 0; i < sizeof(needles) / sizeof(needles[0]); i++) {
		const unsigned char *at = buffer;
		size_t left = length;

		while ((at = memmem(at, left, needles[i].bytes, needles[i].length)) != NULL) {
			printf("%d: %s at 0x%" PRIx64 " in %s\n", pid, needles[i].name,
			       address + (uint64_t)(at - buffer), region);
			found = true;
			at++;
			left = length - (size_t)(at - buffer);
		}
	}
	return found;
}

/* Pieces overlap, so that nothing hides at a seam. What was never touched cannot be read. */
static bool scan_region(int memory, uint64_t from, uint64_t until, int pid, const char *region)
{
	bool found = false;

	while (from < until) {
		size_t want = until - from < CHUNK ? (size_t)(until - from) : CHUNK;
		ssize_t got = pread(memory, buffer, want, (off_t)from);

		if (got <= 0)
			break;
		found = look((size_t)got, from, pid, region) || found;
		if ((size_t)got < want || from + want == until)
			break;
		from += want - 2 * TEXT_MAX;
	}
	return found;
}

/* Returns 1 if it was found, 0 if not, -1 if the process cannot be looked at. */
static int scan(int pid)
{
	char path[64], line[4096], permissions[8], region[2048];
	uint64_t from, until;
	int result = 0, regions = 0, memory;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	memory = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "r");
	while (memory >= 0 && maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
		strcpy(region, "[anonymous]");
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %*s %*s %*s %2047s", &from, &until,
			   permissions, region) < 3 ||
		    permissions[0] != 'r' || strcmp(region, "[vvar]") == 0 ||
		    strcmp(region, "[vsyscall]") == 0)
			continue;
		regions++;
#ifdef SANITIZED
		/* A sanitizer notes there what is free: terabytes, and no text. */
		if (until - from > SHADOW)
			continue;
#endif
		if (scan_region(memory, from, until, pid, region))
			result = 1;
	}
	if (maps != NULL)
		fclose(maps);
	if (memory >= 0)
		close(memory);
	return regions == 0 ? -1 : result;
}

int main(int count, char *arguments[])
{
	int status = 0;

	if (count < 3 || read_text(arguments[1]) < 0) {
		fprintf(stderr, "usage: test-scan FILE PID...\n");
		return 2;
	}
	for (int i = 2; i < count; i++) {
		int result = scan(atoi(arguments[i]));

		if (result < 0)
			fprintf(stderr, "%s: %s\n", arguments[i], strerror(errno));
		if (result < 0)
			status = 2;
		else if (result > 0 && status == 0)
			status = 1;
	}
	return status;
}
