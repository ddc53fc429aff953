/* SPDX-License-Identifier: MIT */
#include "helper/ca/http_ahead.h"

#include <stdio.h>
#include <sys/socket.h>

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct http_ahead *ahead = context;

	(void)purpose;
	ahead->handed = head_start_take(ahead->start, &address->addr, address->addrlen);
	if (ahead->handed >= 0)
		return ahead->handed;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/*
 * libcurl 7.88 calls connect(2) all the same. Linux answers that with success, once, on a socket
 * whose connection was made without anybody having waited for it in connect(2), as head_start.c
 * does.
 */
static int say_whether_connected(void *context, curl_socket_t fd, curlsocktype purpose)
{
	const struct http_ahead *ahead = context;

	(void)purpose;
	return fd == ahead->handed ? CURL_SOCKOPT_ALREADY_CONNECTED : CURL_SOCKOPT_OK;
}

bool http_ahead_set_up(struct http_ahead *ahead, CURL *curl, struct head_start *start)
{
	*ahead = (struct http_ahead){.curl = curl, .start = start, .handed = -1};
	return curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, ahead) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, say_whether_connected) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_SOCKOPTDATA, ahead) == CURLE_OK;
}

/* `line` as CURLOPT_RESOLVE has it. */
static void tell(struct http_ahead *ahead, const char *line)
{
	struct curl_slist *list = curl_slist_append(NULL, line);

	if (list == NULL)
		return;
	curl_easy_setopt(ahead->curl, CURLOPT_RESOLVE, list);
	curl_slist_free_all(ahead->told);
	ahead->told = list;
}

/* Told where the connection is that is there already, libcurl asks nobody for an address. */
void http_ahead_before(struct http_ahead *ahead, const char *url)
{
	char entry[HTTP_PLACE_MAX];

	ahead->handed = -1;
	if (head_start_arrived(ahead->start, url, entry, ahead->place, HTTP_PLACE_MAX))
		tell(ahead, entry);
	else
		ahead->place[0] = '\0';
}

/* A later connection finds its own address. */
void http_ahead_after(struct http_ahead *ahead)
{
	char line[HTTP_PLACE_MAX + 1];

	ahead->start = NULL;
	if (ahead->place[0] == '\0')
		return;
	snprintf(line, sizeof(line), "-%s", ahead->place);
	tell(ahead, line);
	ahead->place[0] = '\0';
}

bool http_ahead_is_used(const struct http_ahead *ahead)
{
	return ahead->handed >= 0;
}

void http_ahead_clear(struct http_ahead *ahead)
{
	curl_slist_free_all(ahead->told);
	ahead->told = NULL;
}
