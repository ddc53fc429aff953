/* SPDX-License-Identifier: MIT */
/*
 * replay FOLDER: hands each file of a corpus to the target it is linked with, and each beginning
 * of it that a cut in eighths makes. Where libFuzzer is not at hand, this is its main.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/input.h"

enum { FILE_MAX = 1 << 20, CUTS = 8 };

static void hand_over(const unsigned char *bytes, size_t length)
{
	uint8_t *exact = malloc(length == 0 ? 1 : length);

	MUST(exact != NULL);
	memcpy(exact, bytes, length);
	MUST(LLVMFuzzerTestOneInput(exact, length) == 0);
	free(exact);
}

static void replay(const char *path)
{
	static unsigned char bytes[FILE_MAX];
	FILE *file = fopen(path, "rb");
	size_t length;

	MUST(file != NULL);
	length = fread(bytes, 1, sizeof(bytes), file);
	MUST(!ferror(file) && length < sizeof(bytes));
	fclose(file);
	/* Whoever looks for a crash's cause finds the file's name above it. */
	printf("# %s, %zu bytes\n", path, length);
	fflush(stdout);
	for (size_t cut = 1; cut <= CUTS; cut++)
		hand_over(bytes, length * cut / CUTS);
}

int main(int count, char *arguments[])
{
	DIR *folder = count == 2 ? opendir(arguments[1]) : NULL;
	const struct dirent *file;
	char path[4096];
	int inputs = 0;

	MUST(folder != NULL);
	while ((file = readdir(folder)) != NULL) {
		if (file->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", arguments[1], file->d_name);
		replay(path);
		inputs++;
	}
	closedir(folder);
	MUST(inputs > 0);
	printf("%d inputs\n", inputs);
	return 0;
}
