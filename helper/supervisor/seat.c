/* SPDX-License-Identifier: MIT */
#include <dlfcn.h>

#include <systemd/sd-login.h>

#include "helper/supervisor/conversation.h"

/* Loaded only here: a login must not pay for libsystemd's own libraries, and needs none of it. */
bool seat_is_of(uid_t uid)
{
	int (*on_seat)(uid_t, int, const char *) = NULL;
	void *library = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);

	_Static_assert(
	    __builtin_types_compatible_p(__typeof__(on_seat), __typeof__(&sd_uid_is_on_seat)),
	    "sd_uid_is_on_seat has the type that is called here");
	if (library != NULL)
		*(void **)&on_seat = dlsym(library, "sd_uid_is_on_seat");
	return on_seat != NULL && on_seat(uid, 1, "seat0") > 0;
}
