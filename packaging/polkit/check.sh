#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check.sh RULES: runs a file of rules in polkit's own JavaScript engine, and looks at its answers.
set -eu

{
	cat <<-'JS'
		var rules = [];
		var polkit = {
			addRule: function(rule) { rules.push(rule); },
			Result: { YES: "yes", NO: "no" }
		};
	JS
	cat "$1"
	cat <<-'JS'
		function expect(answer, id, user) {
			var given = rules[0]({ id: id }, { user: user });
			if (given !== answer)
				throw new Error(user + " is told '" + given + "' about " + id);
		}
		if (rules.length !== 1)
			throw new Error(rules.length + " rules");
		expect("yes", "org.debian.pcsc-lite.access_pcsc", "_certrenew");
		expect("yes", "org.debian.pcsc-lite.access_card", "_certrenew");
		expect(undefined, "org.debian.pcsc-lite.access_card", "alice");
		expect(undefined, "org.freedesktop.login1.power-off", "_certrenew");
	JS
} | duk /dev/stdin
