/* SPDX-License-Identifier: MIT */
#include "tests/world/vcard/files.h"

#include <stdlib.h>
#include <string.h>

#include "tests/world/vcard/tlv.h"

/* File control parameters (ISO 7816-4 §5.3.3). */
enum {
	TAG_FCI = 0x6f,
	TAG_FCP = 0x62,
	TAG_SIZE = 0x80,
	TAG_SIZE_WHOLE = 0x81,
	TAG_DESCRIPTOR = 0x82,
	TAG_ID = 0x83,
	TAG_NAME = 0x84,
	TAG_RIGHTS = 0x86,
};

enum { MASTER_FILE = 0x3f00, DESCRIPTOR_TYPE = 0x38, DESCRIPTOR_FOLDER = 0x38 };

/* A byte of the rights for each command, in the order of the access mode byte (§5.4.3.2). */
enum right {
	RIGHT_DELETE_SELF = 1,
	RIGHT_CREATE_FOLDER = 5,
	RIGHT_CREATE_FILE = 6,
	RIGHT_UPDATE = 6,
	RIGHT_READ = 7,
};
enum { CONDITION_ALWAYS = 0x00, CONDITION_PIN = 0x90 };

static bool may(const struct caller *caller, const struct file *file, enum right right)
{
	if (caller->unprotected || file->rights[right] == CONDITION_ALWAYS)
		return true;
	return file->rights[right] == CONDITION_PIN && caller->authenticated;
}

void files_start(struct files *files)
{
	static const uint8_t master[] = {TAG_DESCRIPTOR, 1,   DESCRIPTOR_FOLDER, TAG_ID, 2,
					 0x3f,		 0x00};
	struct file *root = &files->all[0];

	memset(files, 0, sizeof(*files));
	root->exists = root->is_folder = true;
	root->id = MASTER_FILE;
	memcpy(root->control, master, sizeof(master));
	root->control_length = sizeof(master);
	files_reset(files);
}

void files_reset(struct files *files)
{
	files->folder = &files->all[0];
	files->current = NULL;
}

static struct file *find(struct files *files, const struct file *folder, uint16_t id)
{
	for (size_t i = 0; i < FILES_MAX; i++) {
		struct file *file = &files->all[i];

		if (file->exists && file->folder == folder && file->id == id)
			return file;
	}
	return NULL;
}

static struct file *find_named(struct files *files, const uint8_t *name, size_t length)
{
	for (size_t i = 0; i < FILES_MAX; i++) {
		struct file *file = &files->all[i];
		struct tlv its;

		if (file->exists &&
		    tlv_find(file->control, file->control_length, TAG_NAME, &its) == 0 &&
		    its.length == length && memcmp(its.value, name, length) == 0)
			return file;
	}
	return NULL;
}

static uint16_t id_at(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static struct file *find_path(struct files *files, struct file *from, const uint8_t *path,
			      size_t length)
{
	if (length == 0 || length % 2 != 0)
		return NULL;
	for (; from != NULL && length > 0; path += 2, length -= 2)
		from = find(files, from, id_at(path));
	return from;
}

/* By an identifier alone: the master file, what is in the folder, the folder, and beside it. */
static struct file *find_id(struct files *files, uint16_t id)
{
	struct file *found = NULL;

	if (id == MASTER_FILE)
		return &files->all[0];
	found = find(files, files->folder, id);
	if (found == NULL && files->folder->id == id)
		found = files->folder;
	if (found == NULL && files->folder->folder != NULL)
		found = find(files, files->folder->folder, id);
	return found;
}

unsigned files_select(struct files *files, const struct command *command, struct response *ret)
{
	struct file *file = NULL;

	switch (command->p1) {
	case 0x00:
		if (command->length == 0)
			file = &files->all[0];
		else if (command->length == 2)
			file = find_id(files, id_at(command->data));
		break;
	case 0x04:
		file = find_named(files, command->data, command->length);
		break;
	case 0x08:
		file = find_path(files, &files->all[0], command->data, command->length);
		break;
	case 0x09:
		file = find_path(files, files->folder, command->data, command->length);
		break;
	default:
		return SW_WRONG_P1P2;
	}
	if (file == NULL)
		return SW_NO_FILE;
	files->folder = file->is_folder ? file : file->folder;
	files->current = file->is_folder ? NULL : file;
	if ((command->p2 & 0x0c) == 0)
		ret->length = tlv_put(ret->data, TAG_FCI, file->control, file->control_length);
	return SW_DONE;
}

/* A current file that this may be done to, from where: offsets are of 15 bits (§7.2.2). */
static unsigned at_offset(const struct files *files, const struct caller *caller, enum right right,
			  const struct command *command, size_t *ret_offset)
{
	size_t offset = (size_t)command->p1 << 8 | command->p2;

	if ((command->p1 & 0x80) != 0)
		return SW_WRONG_P1P2;
	if (files->current == NULL)
		return SW_NO_CURRENT_FILE;
	if (!may(caller, files->current, right))
		return SW_NOT_ALLOWED;
	if (offset > files->current->size)
		return SW_WRONG_OFFSET;
	*ret_offset = offset;
	return SW_DONE;
}

unsigned files_read(struct files *files, const struct caller *caller, const struct command *command,
		    struct response *ret)
{
	size_t offset = 0, wanted = command->expected;
	unsigned status = at_offset(files, caller, RIGHT_READ, command, &offset);

	if (status != SW_DONE)
		return status;
	ret->length = files->current->size - offset;
	if (wanted > sizeof(ret->data))
		wanted = sizeof(ret->data);
	if (ret->length > wanted)
		ret->length = wanted;
	memcpy(ret->data, files->current->bytes + offset, ret->length);
	return ret->length < wanted ? SW_END_OF_FILE : SW_DONE;
}

unsigned files_update(struct files *files, const struct caller *caller,
		      const struct command *command)
{
	size_t offset = 0;
	unsigned status = at_offset(files, caller, RIGHT_UPDATE, command, &offset);

	if (status != SW_DONE)
		return status;
	if (command->length > files->current->size - offset)
		return SW_NO_SPACE;
	memcpy(files->current->bytes + offset, command->data, command->length);
	return SW_DONE;
}

static struct file *free_place(struct files *files)
{
	for (size_t i = 0; i < FILES_MAX; i++) {
		if (!files->all[i].exists)
			return &files->all[i];
	}
	return NULL;
}

/* What the file control parameters say (§5.3.3, table 10). */
static int describe(struct file *file, const struct tlv *control)
{
	struct tlv found;

	if (control->length > sizeof(file->control) ||
	    tlv_find(control->value, control->length, TAG_ID, &found) < 0 || found.length != 2)
		return -1;
	file->id = id_at(found.value);
	if (tlv_find(control->value, control->length, TAG_DESCRIPTOR, &found) < 0 ||
	    found.length == 0)
		return -1;
	file->is_folder = (found.value[0] & DESCRIPTOR_TYPE) == DESCRIPTOR_FOLDER;
	if (tlv_find(control->value, control->length, TAG_RIGHTS, &found) == 0 &&
	    found.length == FILE_RIGHTS)
		memcpy(file->rights, found.value, FILE_RIGHTS);
	if ((tlv_find(control->value, control->length, TAG_SIZE, &found) == 0 ||
	     tlv_find(control->value, control->length, TAG_SIZE_WHOLE, &found) == 0) &&
	    found.length == 2)
		file->size = id_at(found.value);
	memcpy(file->control, control->value, control->length);
	file->control_length = control->length;
	return 0;
}

unsigned files_create(struct files *files, const struct caller *caller,
		      const struct command *command)
{
	struct file *place = free_place(files);
	struct file file = {.exists = true, .folder = files->folder};
	struct tlv control;

	if (tlv_read(command->data, command->length, &control) < 0 ||
	    (control.tag != TAG_FCI && control.tag != TAG_FCP) || describe(&file, &control) < 0)
		return SW_WRONG_DATA;
	if (!may(caller, files->folder, file.is_folder ? RIGHT_CREATE_FOLDER : RIGHT_CREATE_FILE))
		return SW_NOT_ALLOWED;
	if (find(files, files->folder, file.id) != NULL)
		return SW_FILE_EXISTS;
	if (place == NULL)
		return SW_NO_SPACE;
	file.bytes = calloc(file.size + 1, 1);
	if (file.bytes == NULL)
		return SW_NO_SPACE;
	*place = file;
	if (place->is_folder)
		files->folder = place;
	files->current = place->is_folder ? NULL : place;
	return SW_DONE;
}

static void erase(struct files *files, struct file *file)
{
	for (size_t i = 0; i < FILES_MAX; i++) {
		struct file *inner = &files->all[i];

		if (inner->exists && inner->folder == file) {
			free(inner->bytes);
			memset(inner, 0, sizeof(*inner));
		}
	}
	files->folder = file->folder;
	files->current = NULL;
	free(file->bytes);
	memset(file, 0, sizeof(*file));
}

unsigned files_delete(struct files *files, const struct caller *caller,
		      const struct command *command)
{
	struct file *file = files->current != NULL ? files->current : files->folder;

	if (command->length == 2)
		file = find(files, files->folder, id_at(command->data));
	else if (command->length != 0)
		return SW_WRONG_LENGTH;
	if (file == NULL)
		return SW_NO_FILE;
	if (file->folder == NULL || !may(caller, file, RIGHT_DELETE_SELF))
		return SW_NOT_ALLOWED;
	erase(files, file);
	return SW_DONE;
}

bool files_may_create(const struct files *files, const struct caller *caller)
{
	return may(caller, files->folder, RIGHT_CREATE_FILE);
}
