/* SPDX-License-Identifier: MIT */
#include "helper/doctor/drivers.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The packages' files, and the administrator's. */
static const char *const folders[] = {P11_CONFIG_DIR, SYSCONFDIR "/pkcs11/modules"};

/* p11-kit's own: what it trusts, and other drivers' mouthpiece. */
static const char *const no_cards[] = {"p11-kit-trust.so", "p11-kit-client.so", "p11-kit-proxy.so"};

/* --- where one is ------------------------------------------------------------------------- */

/* The loader's list of libraries, whose format is its own: each path stands in it as a string. */
static bool is_in_cache(const char *name, char ret[DRIVERS_PATH_MAX])
{
	char end[DRIVERS_PATH_MAX];
	int length = snprintf(end, sizeof(end), "/%s", name);
	int file = open("/etc/ld.so.cache", O_RDONLY | O_CLOEXEC);
	struct stat status = {.st_size = 0};
	char *all = MAP_FAILED, *at;
	bool found = false;

	if (length < (int)sizeof(end) && file >= 0 && fstat(file, &status) == 0 &&
	    status.st_size > 0)
		all = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
	if (file >= 0)
		close(file);
	if (all == MAP_FAILED)
		return false;
	at = all;
	while (!found && (at = memmem(at, (size_t)(all + status.st_size - at), end,
				      (size_t)length + 1)) != NULL) {
		char *path = at++;

		while (path > all && path[-1] != '\0')
			path--;
		snprintf(ret, DRIVERS_PATH_MAX, "%s", path);
		found = access(ret, F_OK) == 0;
	}
	munmap(all, (size_t)status.st_size);
	return found;
}

/* Those where the loader looks without being told. */
static bool is_in_folders(const char *name, char ret[DRIVERS_PATH_MAX])
{
	void *program = dlopen(NULL, RTLD_NOW);
	Dl_serinfo size, *places = NULL;
	bool found = false;

	if (program != NULL && dlinfo(program, RTLD_DI_SERINFOSIZE, &size) == 0)
		places = malloc(size.dls_size);
	if (places != NULL) {
		places->dls_size = size.dls_size;
		places->dls_cnt = size.dls_cnt;
		if (dlinfo(program, RTLD_DI_SERINFO, places) < 0)
			places->dls_cnt = 0;
		for (unsigned i = 0; i < places->dls_cnt && !found; i++) {
			snprintf(ret, DRIVERS_PATH_MAX, "%s/%s", places->dls_serpath[i].dls_name,
				 name);
			found = access(ret, F_OK) == 0;
		}
	}
	free(places);
	if (program != NULL)
		dlclose(program);
	return found;
}

bool drivers_find(const char *module, char ret[DRIVERS_PATH_MAX])
{
	bool is_name = strchr(module, '/') == NULL;
	char path[DRIVERS_PATH_MAX];

	snprintf(ret, DRIVERS_PATH_MAX, "%s%s%s", is_name ? P11_MODULE_DIR : "", is_name ? "/" : "",
		 module);
	if (access(ret, F_OK) == 0 || errno != ENOENT)
		return true;
	if (!is_name || (!is_in_cache(module, path) && !is_in_folders(module, path)))
		return false;
	strcpy(ret, path);
	return true;
}

/* --- which ones there are ------------------------------------------------------------------- */

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
