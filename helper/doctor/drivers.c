/* SPDX-License-Identifier: MIT */
#include "helper/doctor/drivers.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The packages' files, and the administrator's. */
static const char *const folders[] = {P11_CONFIG_DIR, SYSCONFDIR "/pkcs11/modules"};

/* p11-kit's own: what it trusts, and other drivers' mouthpiece. */
static const char *const no_cards[] = {"p11-kit-trust.so", "p11-kit-client.so", "p11-kit-proxy.so"};

void drivers_path(const char *module, char ret[DRIVERS_PATH_MAX])
{
	snprintf(ret, DRIVERS_PATH_MAX, "%s%s%s", strchr(module, '/') != NULL ? "" : P11_MODULE_DIR,
		 strchr(module, '/') != NULL ? "" : "/", module);
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static bool is_listed(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = strstr(list, name); at != NULL; at = strstr(at + 1, name))
		if ((at == list || at[-1] == ' ') && (at[length] == ',' || at[length] == '\0'))
			return true;
	return false;
}

static bool counts(const char *driver, const char *module)
{
	if (strcmp(name_of(driver), name_of(module)) == 0)
		return false;
	for (size_t i = 0; i < sizeof(no_cards) / sizeof(no_cards[0]); i++)
		if (strcmp(name_of(driver), no_cards[i]) == 0)
			return false;
	return true;
}

/* The `module:` line of a file; "" where it has none. */
static void read_module(const char *folder, const char *file, char ret[256])
{
	char path[DRIVERS_PATH_MAX], line[512];
	FILE *in;

	ret[0] = '\0';
	snprintf(path, sizeof(path), "%s/%s", folder, file);
	in = fopen(path, "re");
	while (in != NULL && ret[0] == '\0' && fgets(line, sizeof(line), in) != NULL)
		if (sscanf(line, " module : %255s", ret) != 1)
			ret[0] = '\0';
	if (in != NULL)
		fclose(in);
}

static int is_module_file(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && dot != NULL && strcmp(dot, ".module") == 0;
}

size_t drivers_others(const char *module, char *out, size_t size)
{
	struct dirent **files;
	size_t used = 0, count = 0;
	char driver[256];

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		int found = scandir(folders[i], &files, is_module_file, alphasort);

		for (int j = 0; j < found; j++) {
			read_module(folders[i], files[j]->d_name, driver);
			free(files[j]);
			if (driver[0] == '\0' || !counts(driver, module) ||
			    is_listed(out, driver) || used + strlen(driver) + 3 > size)
				continue;
			used += (size_t)snprintf(out + used, size - used, "%s%s",
						 count++ > 0 ? ", " : "", driver);
		}
		if (found >= 0)
			free(files);
	}
	return count;
}
