#!/bin/sh
# SPDX-License-Identifier: MIT
#
# linted.sh FOLDER: what lintian says of the Debian packages there, of any severity; whatever no override
# argues against is a failure.
set -eu

cd "$1"
set -- --allow-root --display-info --display-experimental --pedantic --tag-display-limit 0 \
	--fail-on error,warning,info,pedantic,experimental
echo "lintian $* ./*.changes"
lintian "$@" ./*.changes
overridden=$(lintian "$@" --show-overrides ./*.changes | grep -c '^O: ') || :
echo "lintian: nothing but $overridden findings that an override argues against"
