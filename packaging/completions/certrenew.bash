# SPDX-License-Identifier: MIT
# What bash offers after 'certrenew'. It asks nothing of the command, which may want the card.

# shellcheck disable=SC2207 # words without blanks
_certrenew()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words

	COMPREPLY=()
	case $before in
	--status) words="valid revoked expired any" ;;
	--reason)
		words="keyCompromise superseded cessationOfOperation affiliationChanged
			privilegeWithdrawn unspecified certificateHold removeFromCRL"
		;;
	--save)
		COMPREPLY=($(compgen -f -- "$word"))
		return
		;;
	--email | --name | --serial | --phrase-fd) return ;;
	*)
		case $COMP_CWORD:${COMP_WORDS[1]}:${COMP_WORDS[2]} in
		1:*) words="status renew search revoke set-phrase journal doctor check-config --help --version" ;;
		*:status:*) words="--json --online" ;;
		*:renew:*) words="--yes --desktop" ;;
		*:search:*) words="--email --name --status --serial --save --json --help" ;;
		*:revoke:*)
			words="--email --name --serial --reason --phrase-fd --accept-agreement --wait --card --help"
			;;
		2:journal:*) words="list show export discard --help" ;;
		*:journal:list | *:journal:show) words="--json" ;;
		*:journal:export)
			words="--old --new --request"
			COMPREPLY=($(compgen -f -- "$word"))
			;;
		*:journal:discard) words="--yes" ;;
		*:doctor:*) words="--json --help" ;;
		2:check-config:*)
			COMPREPLY=($(compgen -f -- "$word"))
			return
			;;
		*) return ;;
		esac
		;;
	esac
	COMPREPLY+=($(compgen -W "$words" -- "$word"))
}

complete -F _certrenew certrenew
