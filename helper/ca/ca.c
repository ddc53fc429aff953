/* SPDX-License-Identifier: MIT */
#include "helper/ca/ca.h"

#include "helper/ca/cmp.h"
#include "helper/ca/est.h"

const struct ca_protocol *ca_protocol(enum config_protocol protocol)
{
	switch (protocol) {
	case PROTOCOL_EST:
		return &est_protocol;
	case PROTOCOL_CMP:
		return &cmp_protocol;
	}
	return NULL;
}
