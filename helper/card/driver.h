/* SPDX-License-Identifier: MIT */
/* The PKCS#11 module that speaks to the card, loaded and initialised. */
#ifndef CERTRENEW_DRIVER_H
#define CERTRENEW_DRIVER_H

#include <p11-kit/pkcs11.h>

#include "conf/config.h"
#include "helper/common/failure.h"

struct driver {
	void *library;
	CK_FUNCTION_LIST *p11;
	bool initialised; /* C_Finalize is owed */
};

/*
 * Loads [card] module, with [card] environment set in this process, and calls C_Initialize with
 * [card] init_args. A module named without a slash is looked for in the system's folder of
 * PKCS#11 modules first, then where the dynamic linker looks.
 * Returns 0 or -FAILURE_DRIVER; may block or crash in the vendor's code.
 */
int driver_open(const struct config *config, struct driver **ret, struct failure *failure);

/* Finalises and frees; the library stays loaded, since vendors' unloading crashes. NULL is fine. */
void driver_close(struct driver *driver);

/*
 * What an answer of the driver means: FAILURE_CARD_REMOVED, FAILURE_PIN_WRONG …; fills *failure
 * with `call` and the answer's name. Returns the negative code. `rv` is not CKR_OK.
 */
int driver_failure(CK_RV rv, const char *call, struct failure *failure);

#endif
