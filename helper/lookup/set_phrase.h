/* SPDX-License-Identifier: MIT */
#ifndef CERTRENEW_SET_PHRASE_H
#define CERTRENEW_SET_PHRASE_H

/* The whole of `certrenew set-phrase`; returns the exit status. */
int set_phrase_main(int count);

#endif
