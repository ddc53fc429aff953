/* SPDX-License-Identifier: MIT */
/* Which programs may show our windows, in the order in which they are tried. */
#ifndef CERTRENEW_PINENTRY_PROGRAMS_H
#define CERTRENEW_PINENTRY_PROGRAMS_H

/* The graphical ones first: which of them a desktop wants, its pinentry-x11 says. */
static const char *const pinentry_programs[] = {"pinentry-x11", "pinentry-gnome3", "pinentry-qt",
						"pinentry-gtk-2", "pinentry"};

#endif
