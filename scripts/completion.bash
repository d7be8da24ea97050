# SPDX-License-Identifier: GPL-2.0-only
# Completion for bash and zsh: source it. What can be completed is asked of the programs themselves,
# as they are built; there is no list here that could be out of date.
#	. scripts/completion.bash
# shellcheck shell=bash disable=SC2207
if [ -n "${ZSH_VERSION-}" ]; then
	command -v compdef >/dev/null || { autoload -Uz compinit && compinit -u; }
	autoload -Uz bashcompinit && bashcompinit
fi

# The values of an option, for those that programs can list.
_swaphammer_values() {	# program option
	local explore top
	top=$(git rev-parse --show-toplevel 2>/dev/null) || top=.
	case $1 in */explore) explore=$1 ;; *) explore=$top/out/dev/explore ;; esac
	case $2 in
	--mutant) "$explore" --list 2>/dev/null | sed -n '/:$/q; s/ .*//p' ;;
	--strategy) "$explore" --list 2>/dev/null | sed -n 's/^  \([a-z]*\) .*/\1/p' ;;
	--workload) "$1" --list 2>/dev/null | awk '{ print $1 }' ;;
	--tree|--again|--remove) echo debian; "$top/scripts/tree" --list 2>/dev/null | awk '{ print $1 }' ;;
	--warn) echo fail go ;;
	*) return 1 ;;
	esac
}

_swaphammer() {
	local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} values
	# bash takes "=" for a word of its own
	if [ "$word" = = ]; then
		word=
	elif [ "$before" = = ]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	COMPREPLY=()
	if values=$(_swaphammer_values "$program" "$before"); then
		COMPREPLY=($(compgen -W "$values" -- "$word"))
	elif [[ $word == -* ]]; then
		values=$("$program" --help 2>/dev/null | grep -oE -- '(^|[ ,[])--[a-z][a-z-]*' | tr -d ' ,[' | sort -u)
		COMPREPLY=($(compgen -W "$values" -- "$word"))
	else
		COMPREPLY=($(compgen -f -- "$word"))
	fi
}
complete -o filenames -F _swaphammer explore replay shrink play seed stress hunt nightly findings fuzz soak bench \
	coverage minimize tree compdb bisect shards mutation
