/* SPDX-License-Identifier: MIT */
/*
 * The window that libp11 looks at the card through: a PKCS#11 module of our own (card-window.so)
 * that shows one slot, one open session and one private key of the driver that is loaded already.
 *
 * libp11 0.4 only takes a module by its path, hangs when C_OpenSession fails, gives up on a token
 * that also holds a key it does not know (Ed25519), keeps the PIN to log in again by itself, asks
 * on the terminal for a key that wants its PIN each time, and finalises the driver under us.
 * Through the window it can do none of that.
 */
#ifndef CERTRENEW_WINDOW_H
#define CERTRENEW_WINDOW_H

#include <p11-kit/pkcs11.h>

/* The driver's C_SignInit or C_DecryptInit. */
typedef CK_RV (*window_init)(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
			     CK_OBJECT_HANDLE key);

struct window_view {
	CK_FUNCTION_LIST *driver;
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE session; /* logged in; libp11 is given this one and no other */
	/* Calls init, and gives the card what it wants before each use of the key. */
	CK_RV(*begin)
	(void *context, window_init init, CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
	 CK_OBJECT_HANDLE key);
	void *begin_context;
	CK_OBJECT_HANDLE key;
	CK_OBJECT_HANDLE public_key; /* its neighbour; 0 where the token shows none */
	unsigned char *id;	     /* CKA_ID: public objects are shown only with this one */
	CK_ULONG id_length;
	const CK_ATTRIBUTE *known; /* of the key: the driver is not asked for these */
	CK_ULONG known_count;
};

/* Exported beside C_GetFunctionList; what is shown from now on. The view is copied, the id and
 * what is known are not. */
void card_window_show(const struct window_view *view);
typedef void (*card_window_show_function)(const struct window_view *view);

#endif
