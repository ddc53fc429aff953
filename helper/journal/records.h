/* SPDX-License-Identifier: MIT */
/*
 * The journal's files as an administrator sees them, unfinished and archived ones. Their folders
 * belong to the account that loads vendors' drivers, so nothing in them is believed: they are read
 * as that account and never as root, and what is a link, a pipe, somebody else's or damaged is a
 * record that cannot be read.
 */
#ifndef CERTRENEW_RECORDS_H
#define CERTRENEW_RECORDS_H

#include "helper/common/token_name.h"
#include "helper/renewal/journal.h"

enum { RECORD_ID_MAX = 9, RECORD_NAME_MAX = 256 };

struct record {
	char id[RECORD_ID_MAX];	      /* of its path: the same as long as its name is */
	char folder[RECORD_NAME_MAX]; /* below the journal's, the card's */
	char file[RECORD_NAME_MAX];   /* "": the folder itself cannot be read */
	char serial[TOKEN_NAME_MAX], label[TOKEN_NAME_MAX]; /* the card, as the folder names it */
	bool archived;					    /* finished, or put aside */
	bool damaged;
	bool misplaced;		    /* and in a folder that is no card's, or not ours alone */
	struct failure why;	    /* of a damaged one */
	struct journal_entry entry; /* of any other */
};

struct records {
	struct record *items;
	size_t count;
	bool more; /* than fit */
};

/*
 * Fills in names alone, as anybody who may list the folders; nothing is read. Returns 0 or
 * -FAILURE_JOURNAL. Freed with records_free.
 */
int records_names(struct records *ret, struct failure *failure);

/* The one whose ID begins so, or NULL with *failure: there is none, or there are several. */
struct record *records_find(const struct records *records, const char *id, struct failure *failure);

/* As the journal's account: reads what the names stand for. Returns 0, or -FAILURE_JOURNAL if the
 * journal itself cannot be read. */
int records_read(struct records *records, struct failure *failure);

void records_free(struct records *records);

/* Puts an unfinished one that cannot be read aside, whatever it is. 0 or -FAILURE_JOURNAL. */
int record_put_aside(const struct record *record, struct failure *failure);

#endif
