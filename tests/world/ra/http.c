/* SPDX-License-Identifier: MIT */
#include "tests/world/ra/http.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "tests/world/ra/connection.h"
#include "tests/world/ra/store.h"

#define BODY_LIMIT (1 << 20)

struct http_server {
	struct ra *ra;
	const struct http_endpoint *const *tables;
	struct MHD_Daemon *daemon;
	bool proxied;
	atomic_bool started;
	uint16_t port;
	char *certificate;
	char *key;
	char *trust;
};

/* --- sleeping until the end ------------------------------------------------------------------ */

static pthread_mutex_t stop_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t stop_condition = PTHREAD_COND_INITIALIZER;
static bool stopping;

bool http_sleep(int seconds)
{
	struct timespec until;
	int result = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += seconds;
	pthread_mutex_lock(&stop_mutex);
	while (!stopping && result == 0)
		result = pthread_cond_timedwait(&stop_condition, &stop_mutex, &until);
	bool go_on = !stopping;
	pthread_mutex_unlock(&stop_mutex);
	return go_on;
}

static void stop_sleepers(void)
{
	pthread_mutex_lock(&stop_mutex);
	stopping = true;
	pthread_cond_broadcast(&stop_condition);
	pthread_mutex_unlock(&stop_mutex);
}

/* --- answers --------------------------------------------------------------------------------- */

void http_bytes(struct http_answer *ret, unsigned status, const char *type, char *body,
		size_t length)
{
	ret->status = body ? status : MHD_HTTP_INTERNAL_SERVER_ERROR;
	ret->response = MHD_create_response_from_buffer(length, body, MHD_RESPMEM_MUST_FREE);
	if (body)
		MHD_add_response_header(ret->response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
}

void http_body(struct http_answer *ret, unsigned status, const char *type, char *body)
{
	http_bytes(ret, status, type, body, body ? strlen(body) : 0);
}

void http_text(struct http_answer *ret, unsigned status, const char *format, ...)
{
	va_list arguments;
	char *text = NULL;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	http_body(ret, status, "text/plain", text);
}

/* --- one request ----------------------------------------------------------------------------- */

struct exchange {
	char *body;
	size_t length;
	bool too_large;
};

static const char *header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static void serve(const struct http_server *server, const struct http_request *request,
		  struct http_answer *ret)
{
	bool path_known = false;

	for (const struct http_endpoint *const *table = server->tables; *table; table++) {
		for (const struct http_endpoint *endpoint = *table; endpoint->path; endpoint++) {
			if (strcmp(endpoint->path, request->path) != 0)
				continue;
			path_known = true;
			if (strcmp(endpoint->method, request->method) != 0)
				continue;
			endpoint->serve(server->ra, request, ret);
			return;
		}
	}
	if (path_known)
		http_text(ret, MHD_HTTP_METHOD_NOT_ALLOWED, "not with %s\n", request->method);
	else
		http_text(ret, MHD_HTTP_NOT_FOUND, "nothing is served here\n");
}

static enum MHD_Result give(const struct http_server *server, struct MHD_Connection *connection,
			    const struct http_request *request, struct http_answer *answer)
{
	/* Before the answer: who has it finds the line in the log. */
	store_log_request(server->ra->store, request->method, request->path, answer->status);
	if (!answer->response) {
		while (!answer->closed && http_sleep(3600))
			;
		return MHD_NO;
	}
	if (misbehaves(&server->ra->misbehave, MISBEHAVE_CLOSE_EACH))
		MHD_add_response_header(answer->response, MHD_HTTP_HEADER_CONNECTION, "close");
	enum MHD_Result result = MHD_queue_response(connection, answer->status, answer->response);
	MHD_destroy_response(answer->response);
	return result;
}

/* RFC 7030 leaves chunks and Expect to HTTP, but some servers take neither: true, refused. */
static bool refuse_form(struct MHD_Connection *connection, const struct exchange *exchange,
			struct http_answer *ret)
{
	if (header(connection, MHD_HTTP_HEADER_EXPECT))
		http_text(ret, MHD_HTTP_EXPECTATION_FAILED, "no Expect, please\n");
	else if (header(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING))
		http_text(ret, MHD_HTTP_LENGTH_REQUIRED, "no chunked body, please\n");
	else if (exchange->too_large)
		http_text(ret, MHD_HTTP_CONTENT_TOO_LARGE, "too large\n");
	else
		return false;
	return true;
}

static enum MHD_Result finish(const struct http_server *server, struct MHD_Connection *connection,
			      const char *path, const char *method, const struct exchange *exchange)
{
	struct http_request request = {
	    .connection = connection,
	    .method = method,
	    .path = path,
	    .content_type = header(connection, MHD_HTTP_HEADER_CONTENT_TYPE),
	    .body = exchange->body ? exchange->body : "",
	    .length = exchange->length,
	};
	struct http_answer answer = {0};

	if (!refuse_form(connection, exchange, &answer)) {
		request.certificates = server->proxied ? connection_forwarded(connection)
						       : connection_certificates(connection);
		serve(server, &request, &answer);
		sk_X509_pop_free(request.certificates, X509_free);
	}
	ERR_clear_error();
	return give(server, connection, &request, &answer);
}

static void collect(struct exchange *exchange, const char *data, size_t length)
{
	char *body = NULL;

	if (!exchange->too_large && exchange->length + length <= BODY_LIMIT)
		body = realloc(exchange->body, exchange->length + length);
	if (!body) {
		exchange->too_large = true;
		return;
	}
	memcpy(body + exchange->length, data, length);
	exchange->body = body;
	exchange->length += length;
}

static enum MHD_Result on_request(void *closure, struct MHD_Connection *connection,
				  const char *path, const char *method, const char *version,
				  const char *data, size_t *length, void **state)
{
	const struct http_server *server = closure;
	struct exchange *exchange = *state;

	(void)version;
	if (!exchange) {
		*state = exchange = calloc(1, sizeof *exchange);
		if (!exchange)
			return MHD_NO;
		/* To be refused now: libmicrohttpd would answer 100 Continue after this call. */
		if (header(connection, MHD_HTTP_HEADER_EXPECT))
			return finish(server, connection, path, method, exchange);
		return MHD_YES;
	}
	if (*length > 0) {
		collect(exchange, data, *length);
		*length = 0;
		return MHD_YES;
	}
	return finish(server, connection, path, method, exchange);
}

static void on_completed(void *closure, struct MHD_Connection *connection, void **state,
			 enum MHD_RequestTerminationCode how)
{
	struct exchange *exchange = *state;

	(void)closure, (void)connection, (void)how;
	if (exchange)
		free(exchange->body);
	free(exchange);
	*state = NULL;
}

/* --- listening ------------------------------------------------------------------------------- */

static char *read_text(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (!file || getdelim(&text, &size, '\0', file) <= 0) {
		perror(path);
		free(text);
		text = NULL;
	}
	if (file)
		fclose(file);
	return text;
}

/* The names that the client is told to choose its certificate by. */
static char *trust_text(const struct ra *ra)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *pem = NULL;
	char *text = NULL;

	if (out && PEM_write_bio_X509(out, ra->ca.root) == 1 &&
	    PEM_write_bio_X509(out, ra->ca.certificate) == 1) {
		long length = BIO_get_mem_data(out, &pem);
		text = strndup(pem, (size_t)length);
	}
	BIO_free(out);
	return text;
}

static int listen_on(uint16_t port, uint16_t *ret_port)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof address;
	int one = 1;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0 ||
	    bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
	    listen(listener, 64) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &length) < 0) {
		perror("127.0.0.1");
		if (listener >= 0)
			close(listener);
		return -1;
	}
	*ret_port = ntohs(address.sin_port);
	return listener;
}

/* Why it does not start; later, a client that gives up is no news. */
static void on_message(void *closure, const char *format, va_list arguments)
{
	const struct http_server *server = closure;

	if (!server->started)
		vfprintf(stderr, format, arguments);
}

static struct MHD_Daemon *start_daemon(struct http_server *server, int listener,
				       const struct http_options *from)
{
	struct MHD_OptionItem tls[] = {
	    {MHD_OPTION_HTTPS_MEM_CERT, 0, server->certificate},
	    {MHD_OPTION_HTTPS_MEM_KEY, 0, server->key},
	    /* Makes libmicrohttpd ask for a certificate; requester.c verifies who it is. */
	    {MHD_OPTION_HTTPS_MEM_TRUST, 0, server->trust},
	    {MHD_OPTION_HTTPS_PRIORITIES, 0,
	     (char *)(from->priorities ? from->priorities : "NORMAL")},
	    {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)connection_log_handshake, server->ra->store},
	    {MHD_OPTION_END, 0, NULL},
	};
	struct MHD_OptionItem options[] = {
	    {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)on_message, server}, /* must be the first */
	    {MHD_OPTION_LISTEN_SOCKET, listener, NULL},
	    {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, NULL},
	    {from->plain ? MHD_OPTION_END : MHD_OPTION_ARRAY, 0, tls},
	    {MHD_OPTION_END, 0, NULL},
	};

	return MHD_start_daemon((from->plain ? 0 : MHD_USE_TLS) | MHD_USE_THREAD_PER_CONNECTION |
				    MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG,
				0, NULL, NULL, on_request, server, MHD_OPTION_ARRAY, options,
				MHD_OPTION_END);
}

struct http_server *http_start(struct ra *ra, const struct http_options *options)
{
	struct http_server *server = calloc(1, sizeof *server);

	if (!server)
		return NULL;
	server->ra = ra;
	server->tables = options->tables;
	server->proxied = options->proxied;
	server->certificate = read_text(options->certificate);
	server->key = read_text(options->key);
	server->trust = trust_text(ra);
	if (server->certificate && server->key && server->trust) {
		int listener = listen_on(options->port, &server->port);

		if (listener >= 0)
			server->daemon = start_daemon(server, listener, options);
	}
	if (!server->daemon) {
		http_stop(server);
		return NULL;
	}
	server->started = true;
	return server;
}

uint16_t http_port(const struct http_server *server)
{
	return server->port;
}

void http_stop(struct http_server *server)
{
	if (!server)
		return;
	stop_sleepers();
	if (server->daemon)
		MHD_stop_daemon(server->daemon);
	free(server->certificate);
	free(server->key);
	free(server->trust);
	free(server);
}
