/* SPDX-License-Identifier: MIT */
#include "helper/lookup/reasons.h"

#include <stddef.h>
#include <string.h>

#include "helper/words/language.h"

static const struct {
	const char *name;
	const char *words;
} reasons[] = {
    [0] = {"unspecified", N_("no reason is given")},
    [1] = {"keyCompromise", N_("the card or its key was lost or stolen")},
    [2] = {"cACompromise", N_("the key of the certification authority was stolen")},
    [3] = {"affiliationChanged", N_("the name or the organisation changed")},
    [4] = {"superseded", N_("it was replaced by another one")},
    [5] = {"cessationOfOperation", N_("it is not needed any more")},
    [6] = {"certificateHold", N_("it is suspended for a time")},
    [8] = {"removeFromCRL", N_("it is valid again")},
    [9] = {"privilegeWithdrawn", N_("the right to use it was withdrawn")},
    [10] = {"aACompromise", N_("the key of an attribute authority was stolen")},
};

enum { REASONS = sizeof(reasons) / sizeof(reasons[0]) };

const char *reason_name(int reason)
{
	return reason >= 0 && reason < REASONS ? reasons[reason].name : NULL;
}

const char *reason_words(int reason)
{
	return reason_name(reason) == NULL ? NULL : language_text(reasons[reason].words);
}

int reason_parse(const char *name)
{
	for (int i = 0; i < REASONS; i++)
		if (reasons[i].name != NULL && strcmp(reasons[i].name, name) == 0)
			return i;
	return -1;
}
