/* SPDX-License-Identifier: MIT */
#include "helper/common/journal_state.h"

static const char *const names[] = {
    [JOURNAL_FOUND] = "found",
    [JOURNAL_AGREED] = "agreed",
    [JOURNAL_REQUESTED] = "requested",
    [JOURNAL_WAITING] = "waiting",
    [JOURNAL_ISSUED] = "issued",
    [JOURNAL_CONFIRMED] = "confirmed",
    [JOURNAL_MOVED_ASIDE] = "moved-aside",
    [JOURNAL_TAKEN_OFF] = "taken-off",
    [JOURNAL_WRITTEN] = "written",
    [JOURNAL_VERIFIED] = "verified",
    [JOURNAL_DONE] = "done",
};

const char *journal_state_name(enum journal_state state)
{
	return state >= JOURNAL_FOUND && state <= JOURNAL_DONE ? names[state] : "unknown";
}

const char *journal_next_name(enum journal_state state)
{
	switch (state) {
	case JOURNAL_FOUND:
	case JOURNAL_AGREED:
		return "ask";
	case JOURNAL_REQUESTED:
		return "ask-again";
	case JOURNAL_WAITING:
		return "wait";
	case JOURNAL_ISSUED:
	case JOURNAL_CONFIRMED:
	case JOURNAL_MOVED_ASIDE:
	case JOURNAL_TAKEN_OFF:
		return "write";
	case JOURNAL_WRITTEN:
		return "check";
	case JOURNAL_VERIFIED:
	case JOURNAL_DONE:
		return "remove-old";
	}
	return "administrator";
}
