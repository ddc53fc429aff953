/* SPDX-License-Identifier: MIT */
/*
 * Where things are once installed. The Makefile gives the folders (PREFIX, SYSCONFDIR …);
 * nothing else in the sources spells a path of the installed system.
 */
#ifndef CERTRENEW_PATHS_H
#define CERTRENEW_PATHS_H

#define PATH_CONFIG SYSCONFDIR "/certrenew.conf"

#ifndef PATH_HELPER
#define PATH_HELPER LIBEXECDIR "/certrenew-helper"
#endif
#define PATH_CHECK   LIBEXECDIR "/certrenew-check"
#define PATH_RENEW   LIBEXECDIR "/certrenew-renew"
#define PATH_AGENT   LIBEXECDIR "/certrenew-agent"
#define PATH_LOOKUP  LIBEXECDIR "/certrenew-lookup"
#define PATH_RECORDS LIBEXECDIR "/certrenew-journal"
#define PATH_DOCTOR  LIBEXECDIR "/certrenew-doctor"
#define PATH_WINDOW  LIBEXECDIR "/card-window.so"

#define PATH_RUN    RUNSTATEDIR "/certrenew"
#define PATH_SOCKET PATH_RUN "/socket"
#define PATH_LOCKS  PATH_RUN "/lock"
#define PATH_FOUND  PATH_RUN "/found"

#define PATH_STATE   LOCALSTATEDIR "/lib/certrenew"
#define PATH_JOURNAL PATH_STATE "/journal"
#define PATH_LATER   PATH_STATE "/later"  /* what each person put off, by uid */
#define PATH_UNTOLD  PATH_STATE "/untold" /* outcomes that nobody was there to hear, by uid */
#define PATH_HOME    PATH_STATE "/home"
#define PATH_CACHE   LOCALSTATEDIR "/cache/certrenew"

/* The account that check and renew run as. */
#define CERTRENEW_USER "_certrenew"

#endif
