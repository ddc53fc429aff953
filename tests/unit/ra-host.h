/* SPDX-License-Identifier: MIT */
/* Runs the test world's CA and RA for a test, in a folder of its own, on loopback. */
#ifndef CERTRENEW_TESTS_RA_HOST_H
#define CERTRENEW_TESTS_RA_HOST_H

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/x509.h>

#include "conf/config.h"
#include "helper/ca/ca.h"

enum { RA_HOST_ARGUMENTS = 8, RA_HOST_PATIENCE = 10000 /* milliseconds */ };

struct ra_host {
	char folder[64], programs[PATH_MAX];
	char log[96], trust[96], url[96];
	pid_t pid;
	struct config_ca settings; /* for the RA that runs */
	char *no_environment[1];
};

/* ../world, seen from the test's own program. */
static inline void ra_host_find_programs(struct ra_host *host)
{
	char self[PATH_MAX / 2] = "", *slash;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		abort();
	slash = strrchr(self, '/');
	*slash = '\0';
	snprintf(host->programs, sizeof(host->programs), "%s/../world", self);
}

static inline pid_t ra_host_start_program(const struct ra_host *host, const char *name,
					  const char *const *arguments)
{
	char path[PATH_MAX + 32];
	const char *argv[32] = {name};
	pid_t pid;

	for (int i = 0; i < 30 && arguments[i] != NULL; i++)
		argv[i + 1] = arguments[i];
	snprintf(path, sizeof(path), "%s/%s", host->programs, name);
	pid = fork();
	if (pid == 0) {
		execv(path, (char *const *)argv);
		perror(path);
		_exit(127);
	}
	return pid;
}

static inline void ra_host_run(const struct ra_host *host, const char *name,
			       const char *const *arguments)
{
	int status;
	pid_t pid = ra_host_start_program(host, name, arguments);

	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		abort();
}

/* Makes the folder and the CA in it. */
static inline void ra_host_make(struct ra_host *host)
{
	memset(host, 0, sizeof(*host));
	ra_host_find_programs(host);
	strcpy(host->folder, "/tmp/certrenew-test-XXXXXX");
	if (mkdtemp(host->folder) == NULL)
		abort();
	snprintf(host->log, sizeof(host->log), "%s/ra.log", host->folder);
	snprintf(host->trust, sizeof(host->trust), "%s/trust.pem", host->folder);
	ra_host_run(host, "test-ca", (const char *const[]){"init", host->folder, NULL});
}

static inline void ra_host_remove(struct ra_host *host)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", host->folder);
	if (system(command) != 0)
		abort();
}

static inline int ra_host_wait_for_port(const char *path)
{
	struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};
	int port = 0;

	for (int waited = 0; waited < RA_HOST_PATIENCE; waited += 5) {
		FILE *file = fopen(path, "r");

		if (file != NULL) {
			if (fscanf(file, "%d", &port) != 1)
				abort();
			fclose(file);
			return port;
		}
		nanosleep(&pause, NULL);
	}
	abort();
}

static inline void ra_host_settle(struct ra_host *host)
{
	host->settings = (struct config_ca){
	    .name = "test",
	    .issuer = "",
	    .url = host->url,
	    .trust = host->trust,
	    .timeout = 2,
	    .environment = host->no_environment,
	    .sender = "",
	    .client_chain = "",
	    .implicit_confirm = true,
	};
}

/* Starts the RA with further arguments (NULL-terminated) and an empty log. */
static inline void ra_host_start(struct ra_host *host, const char *const *more)
{
	char port_file[96];
	const char *arguments[9 + RA_HOST_ARGUMENTS + 1] = {
	    "--ca", host->folder, "--port", "0", "--port-file", port_file, "--log", host->log};
	int used = 8;

	snprintf(port_file, sizeof(port_file), "%s/port", host->folder);
	unlink(port_file);
	unlink(host->log);
	for (; *more != NULL && used < 9 + RA_HOST_ARGUMENTS; more++)
		arguments[used++] = *more;
	host->pid = ra_host_start_program(host, "test-ra", arguments);
	snprintf(host->url, sizeof(host->url), "https://localhost:%d/.well-known/est",
		 ra_host_wait_for_port(port_file));
	ra_host_settle(host);
}

static inline void ra_host_stop(struct ra_host *host)
{
	kill(host->pid, SIGTERM);
	waitpid(host->pid, NULL, 0);
	host->pid = 0;
}

/* How many lines of the RA's log have this word after the time. */
static inline int ra_host_count(const struct ra_host *host, const char *word)
{
	FILE *file = fopen(host->log, "r");
	char line[1024], first[32], second[32];
	int count = 0;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "%31s %31s", first, second) == 2 && strcmp(second, word) == 0)
			count++;
	if (file != NULL)
		fclose(file);
	return count;
}

/* A person's certificate for this key, which ends in 20 days. */
static inline X509 *ra_host_certify(const struct ra_host *host, EVP_PKEY *key, const char *role)
{
	char spki[96], out[96];
	FILE *file;
	X509 *certificate;

	snprintf(spki, sizeof(spki), "%s/spki", host->folder);
	snprintf(out, sizeof(out), "%s/person.der", host->folder);
	file = fopen(spki, "w");
	if (file == NULL || i2d_PUBKEY_fp(file, key) != 1)
		abort();
	fclose(file);
	ra_host_run(host, "test-ca",
		    (const char *const[]){"sign", "--ca", host->folder, "--spki", spki, "--subject",
					  "/C=TW/O=Example Government/CN=Chen Mei-ling", "--role",
					  role, "--days", "20", "--email", "mei@example.test",
					  "--out", out, NULL});
	file = fopen(out, "r");
	certificate = file == NULL ? NULL : d2i_X509_fp(file, NULL);
	if (certificate == NULL)
		abort();
	fclose(file);
	return certificate;
}

#endif
