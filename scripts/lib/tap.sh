# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the shell tests share; sourced by them. $tmp is a directory of theirs, and goes at the end, after
# cleanup() if the test has that function. The last line of a test is: finish
set -uo pipefail
tmp=$(mktemp -d)
failed=0 nr=0
trap '! declare -F cleanup >/dev/null || cleanup; rm -rf "$tmp"' EXIT

ok() { nr=$(( nr + 1 )); echo "ok $nr - $1"; }
not_ok() { nr=$(( nr + 1 )); failed=1; echo "not ok $nr - $1: $2"; }
# show FILE: its last lines, as comments
show() { [ ! -f "$1" ] || tail -n 30 "$1" | sed 's/^/# /'; }
# check NAME WHY CONDITION...: WHY is said if the condition does not hold
check() {
	local name=$1 why=$2
	shift 2
	if "$@" >"$tmp/said" 2>&1; then ok "$name"; else not_ok "$name" "$why"; show "$tmp/out"; show "$tmp/said"; fi
}
# judge STATUS PATTERN NAME: of what ran last, which left its status in $code, its output in $tmp/out
judge() {
	if [ "$code" != "$1" ]; then
		not_ok "$3" "exit status $code, not $1"; show "$tmp/out"
	elif ! grep -aqe "$2" "$tmp/out"; then
		not_ok "$3" "no '$2' in the output"; show "$tmp/out"
	else
		ok "$3"
	fi
}
# expect STATUS PATTERN NAME COMMAND...; $patience, if it is set: seconds that it may take
expect() {
	local want=$1 pattern=$2 name=$3
	shift 3
	code=0
	${patience:+timeout "$patience"} "$@" >"$tmp/out" 2>&1 </dev/null || code=$?
	judge "$want" "$pattern" "$name"
}
# built PROGRAM VARIANT...: those in which it is built become $variants; a variant that is missing is told
built() {
	local program=$1 v
	shift
	variants=()
	for v; do
		if [ -x "out/$v/$program" ]; then variants+=("$v"); else ok "$v # SKIP not built"; fi
	done
}
# heeds PID SIGNAL: waits, for a minute at most, until a process, whose program has begun, catches or blocks a signal;
# 1 if it does not, or has ended
heeds() {
	local try caught blocked
	for (( try = 0; try < 3000; try++ )); do
		[ -n "$(sed -n '/^State:[[:space:]]*[^ZX[:space:]]/p' "/proc/$1/status" 2>/dev/null)" ] || return 1
		if ! [ "/proc/$1/exe" -ef "/proc/$$/exe" ]; then
			caught=$(sed -n 's/^SigCgt:[^0-9a-f]*//p' "/proc/$1/status" 2>/dev/null)
			blocked=$(sed -n 's/^SigBlk:[^0-9a-f]*//p' "/proc/$1/status" 2>/dev/null)
			(( ((0x${caught:-0} | 0x${blocked:-0}) >> ($(kill -l "$2") - 1)) & 1 )) && return
		fi
		sleep 0.02
	done
	return 1
}
finish() { echo "1..$nr"; exit "$failed"; }
