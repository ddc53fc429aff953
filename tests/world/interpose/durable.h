/* SPDX-License-Identifier: MIT */
/*
 * What would be left after a power cut: nothing but what was fsynced. Of a file that is its content
 * then, of a folder the names in it then. Each fsync appends a record to a file that all processes
 * share in memory (so that a sandbox need not allow it); test-durable makes the folder anew from
 * them. The folder must be a file system of its own, whose inode numbers are not used again: a
 * tmpfs.
 */
#ifndef CERTRENEW_INTERPOSE_DURABLE_H
#define CERTRENEW_INTERPOSE_DURABLE_H

#include <stdint.h>

enum { DURABLE_NAME = 128, DURABLE_SIZE = 8 << 20 };

struct durable_head {
	uint64_t device;
	uint64_t root;	   /* the folder's inode */
	uint64_t used;	   /* bytes of records that follow */
	uint64_t overflow; /* records for which there was no room */
};

/* Followed by a file's content, or a folder's entries. */
struct durable_record {
	uint64_t length; /* of what follows, which is filled up to a multiple of 8 */
	uint64_t inode;
	uint64_t is_folder;
};

struct durable_entry {
	uint64_t inode;
	uint32_t mode, uid, gid, unused;
	char name[DURABLE_NAME];
};

/* Maps the file; NULL if that cannot be. */
struct durable_head *durable_map(const char *path);

/* Notes what is behind the descriptor, if it is on the file system that is watched. */
void durable_note(struct durable_head *durable, int descriptor);

#endif
