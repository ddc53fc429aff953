/* SPDX-License-Identifier: MIT */
/*
 * What is due: asked of the helper, and between two questions watched for, a card that is inserted.
 * Nothing here polls: a helper that is not there yet is noticed when its socket appears.
 */
#ifndef CERTRENEW_DESKTOP_INQUIRY_H
#define CERTRENEW_DESKTOP_INQUIRY_H

#include "helper/desktop/card.h"
#include "helper/desktop/outcome.h"

enum inquiry_reason {
	INQUIRY_START,	/* the desktop was entered, anew or again */
	INQUIRY_ALARM,	/* the time that the helper named has come */
	INQUIRY_DEMAND, /* a person asks now */
	INQUIRY_CARD,	/* a card was inserted */
};

struct findings {
	GPtrArray *cards;	 /* struct card; the receiver may hold on to them */
	struct outcome *outcome; /* a renewal that ended when nobody listened; else empty */
	bool reached;		 /* the helper is there */
	bool checked;		 /* the helper answered to the end */
	enum failure_code code;	 /* why it did not, or why the card could not be read */
	bool notice_only;	 /* the administrator wants it said, not offered */
	bool silent;		 /* and not even said */
	int64_t again_at;	 /* 0: not known */
};

/* Whether they tell what is due: that there is no card does, that none could be read does not. */
bool findings_tell(const struct findings *findings);

struct inquiry;

struct inquiry *inquiry_new(const char *language,
			    void (*found)(void *data, enum inquiry_reason reason,
					  const struct findings *findings),
			    void *data);

/* Asks, in place of whatever was being asked; then watches. */
void inquiry_ask(struct inquiry *inquiry, enum inquiry_reason reason);

/* Neither asks nor watches, until told to watch again or to ask. */
void inquiry_stop(struct inquiry *inquiry);
void inquiry_watch(struct inquiry *inquiry);

void inquiry_free(struct inquiry *inquiry);

#endif
