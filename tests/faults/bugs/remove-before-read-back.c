/* SPDX-License-Identifier: MIT */
/* Wraps write_certificate: the old certificate goes as soon as the card says that it wrote the new.
 */
#include <stdlib.h>

#include "helper/card/write.h"

int __real_write_certificate(struct token *token, X509 *certificate, const struct object_id *id,
			     const struct object_label *label, struct failure *failure);
int __wrap_write_certificate(struct token *token, X509 *certificate, const struct object_id *id,
			     const struct object_label *label, struct failure *failure);

int __wrap_write_certificate(struct token *token, X509 *certificate, const struct object_id *id,
			     const struct object_label *label, struct failure *failure)
{
	CK_OBJECT_HANDLE *old = NULL;
	size_t count = 0;
	int result;

	result = object_find_by_id(token, CKO_CERTIFICATE, id, &old, &count, failure);
	if (result == 0)
		result = __real_write_certificate(token, certificate, id, label, failure);
	for (size_t i = 0; result == 0 && i < count; i++)
		result = write_remove(token, old[i], failure);
	free(old);
	return result;
}
