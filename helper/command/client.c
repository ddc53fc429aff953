/* SPDX-License-Identifier: MIT */
#include "helper/command/client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "helper/common/launch.h"
#include "helper/common/paths.h"

static int connect_socket(int *ret_channel, struct failure *failure)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = PATH_SOCKET};
	int channel = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (channel < 0)
		return fail_errno(failure, "a socket");
	if (connect(channel, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		fail(failure, FAILURE_SYSTEM,
		     "%s: %s. Your administrator starts it with 'systemctl enable --now "
		     "certrenew.socket'.",
		     PATH_SOCKET, strerror(errno));
		close(channel);
		return -FAILURE_SYSTEM;
	}
	*ret_channel = channel;
	return 0;
}

static const char *language(void)
{
	static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	const char *value;

	for (size_t i = 0; i < 3; i++) {
		value = getenv(variables[i]);
		if (value != NULL && value[0] != '\0')
			return value;
	}
	return NULL;
}

int client_open(enum request_action action, bool assume_yes, int *ret_channel,
		struct failure *failure)
{
	struct message *request;
	int channel = -1, result;

	if (geteuid() != 0)
		result = connect_socket(&channel, failure);
	else if ((result = launch_helper(&channel)) < 0)
		fail_errno(failure, "%s", PATH_HELPER);
	if (result < 0)
		return result;
	request = message_new(MESSAGE_REQUEST);
	message_put_number(request, FIELD_ACTION, action);
	message_put_text(request, FIELD_LANGUAGE, language());
	message_put_number(request, FIELD_FLAGS, assume_yes ? REQUEST_ASSUME_YES : 0);
	result = message_send(channel, request);
	if (result < 0) {
		close(channel);
		return fail(failure, FAILURE_SYSTEM, "the helper does not listen");
	}
	*ret_channel = channel;
	return 0;
}
