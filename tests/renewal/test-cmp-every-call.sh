# SPDX-License-Identifier: MIT
# As test-every-call.sh, by CMP, with a CA that wants each certificate confirmed.
speaks=configure_cmp
ra_options=--confirmation-required
. tests/renewal/test-every-call.sh
