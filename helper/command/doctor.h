/* SPDX-License-Identifier: MIT */
/* What the command leaves to certrenew-doctor: whether all that a renewal needs is there. */
#ifndef CERTRENEW_COMMAND_DOCTOR_H
#define CERTRENEW_COMMAND_DOCTOR_H

#include <stdbool.h>

/* `doctor …` */
bool doctor_is_asked(int count, char *arguments[]);

/* Becomes certrenew-doctor; returns EXIT_ERROR if that cannot be. */
int doctor(char *arguments[]);

#endif
