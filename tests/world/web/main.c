/* SPDX-License-Identifier: MIT */
/*
 * test-web: plain HTTP on 127.0.0.1 from one folder, for what is signed itself: revocation lists,
 * CA certificates, prepared OCSP answers. GET and POST get the file of that name; one whose name
 * begins with "hang" is never answered. One line is logged for each request.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <microhttpd.h>

struct web {
	const char *folder;
	FILE *log;
};

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status,
			      struct MHD_Response *response)
{
	enum MHD_Result result = MHD_queue_response(connection, status, response);

	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result serve(const struct web *web, struct MHD_Connection *connection,
			     const char *path, const char *method)
{
	char file_path[4096];
	struct stat status;
	const char *name = path + 1;

	fprintf(web->log, "%s %s\n", method, path);
	fflush(web->log);
	snprintf(file_path, sizeof file_path, "%s/%s", web->folder, name);
	int file = strchr(name, '/') || name[0] == '.' ? -1 : open(file_path, O_RDONLY | O_CLOEXEC);
	if (file < 0 || fstat(file, &status) < 0) {
		if (file >= 0)
			close(file);
		return answer(connection, MHD_HTTP_NOT_FOUND,
			      MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
	}
	return answer(connection, MHD_HTTP_OK,
		      MHD_create_response_from_fd((size_t)status.st_size, file));
}

static enum MHD_Result on_request(void *closure, struct MHD_Connection *connection,
				  const char *path, const char *method, const char *version,
				  const char *data, size_t *length, void **state)
{
	static int begun;

	(void)version, (void)data;
	if (*state != &begun) {
		*state = &begun;
		return MHD_YES;
	}
	if (*length > 0) {
		*length = 0;
		return MHD_YES;
	}
	if (strncmp(path, "/hang", 5) == 0) {
		MHD_suspend_connection(connection);
		return MHD_YES;
	}
	return serve(closure, connection, path, method);
}

int main(int argc, char **argv)
{
	struct web web;
	sigset_t end;
	int signal_number;

	if (argc != 4) {
		fputs("test-web FOLDER PORT-FILE LOG\n", stderr);
		return 2;
	}
	web = (struct web){argv[1], fopen(argv[3], "ae")};
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &end, NULL); /* before there are threads: they inherit it */
	signal(SIGPIPE, SIG_IGN);
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct MHD_Daemon *daemon =
	    web.log ? MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME,
				       0, NULL, NULL, on_request, &web, MHD_OPTION_SOCK_ADDR,
				       &address, MHD_OPTION_END)
		    : NULL;
	const union MHD_DaemonInfo *info =
	    daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
	FILE *port = info ? fopen(argv[2], "we") : NULL;
	if (!port) {
		perror("test-web");
		return 1;
	}
	fprintf(port, "%u\n", info->port);
	fclose(port);
	sigwait(&end, &signal_number);
	/* Connections that hang would hold it up; the kernel closes what is left. */
	return 0;
}
