#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# No finding is lost: what is on the disk already stays and is told apart by what it does, and what
# the disk does not take is printed. TAP; exit 1 if a test failed.
# usage: scripts/tests/findings.sh [VARIANT]
cd "$(dirname "$0")/../.."
. scripts/lib/tap.sh
bin=out/${1:-dev}
mounted=
cleanup() {
	[ -z "$mounted" ] || umount -l "$mounted"
}

# explore ARG...: output in $tmp/out, its status in $code
explore() {
	{ "$bin/explore" --mutant hib-double-dec --schedules 2000 --out "$tmp/found" "$@"; echo "status $?"; } 2>&1 |
		cat >"$tmp/out"
	code=$(sed -n 's/^status //p' "$tmp/out")
}
says() { grep -aqe "$1" "$tmp/out"; }
# What was printed in the place of a file of this name, to $tmp/printed
printed() { sed -n "/^--- .*$1\$/,/^--- end of /p" "$tmp/out" | sed '1d;$d' >"$tmp/printed"; [ -s "$tmp/printed" ]; }
replays() { "$bin/replay" "$1" >"$tmp/replay" 2>&1 && grep -q '^ok .*INV-G1 as expected' "$tmp/replay"; }

# --- what is there already --------------------------------------------------------------------

explore --keep-going --json "$tmp/json"
file=$(find "$tmp/found" -name '*.prog')
check "a finding is new" "$(cat "$tmp/json")" grep -q '"new": true' "$tmp/json"
check "and says what it is" "$(head -n 1 "$file")" grep -q '^# INV-G1  core/check/' "$file"
cp "$file" "$tmp/first"
explore --keep-going --json "$tmp/json"
check "found again, it is known" "$(cat "$tmp/json")" grep -q '"new": false' "$tmp/json"
check "its file stays the only one" "$(ls "$tmp/found")" [ "$(find "$tmp/found" -name '*.prog' | wc -l)" = 1 ]
check "and is told again" "it is not" says '^FOUND  INV-G1 '
check "with the name of its block" "no name" says '^       .*\.txt: the interleaving$'
check "with its name" "no name" says "^       $file  (there before"
explore --seed 500.. --json "$tmp/json"
check "another program that fails in the same way is the same finding" "$(cat "$tmp/json")" \
	grep -q '"new": false' "$tmp/json"
check "what is known is not written again" "$(ls "$tmp/found")" cmp -s "$tmp/first" "$file"
"$bin/explore" --mutant fast-lock-leak --schedules 5000 --keep-going --quiet --out "$tmp/kinds" >"$tmp/out" 2>&1
check "one check that fails at two places is two findings" "$(ls "$tmp/kinds")" \
	[ "$(find "$tmp/kinds" -name 'LOCK-ORDER-*.prog' | wc -l)" -ge 2 ]
# the line of the check is the same
for bug in seed-v1-a:goes_elsewhere full-not-relisted:swap_reclaim_full_clusters; do
	"$bin/explore" --mutant "${bug%:*}" --schedules 3000 --keep-going --quiet --out "$tmp/kinds" >"$tmp/out" 2>&1
	check "two bugs that one line of a check sees are told apart: ${bug%:*}" "$(grep FOUND "$tmp/out")" \
		says "^FOUND  INV-C8  core/check/claims.c:[0-9]* during ${bug#*:} "
done

for what in passes another garbage empty directory; do
	rm -rf "$file"
	case $what in
	passes) sed '/^expect/d; /hib_alloc/d' "$tmp/first" >"$file" ;;
	another) sed 's/hib-double-dec/no-grace-period/' "$tmp/first" >"$file" ;;
	garbage) echo nonsense >"$file" ;;
	empty) : >"$file" ;;
	directory) mkdir "$file" ;;
	esac
	rm -f "${file%.prog}-2."*
	[ "$what" = directory ] || cp "$file" "$tmp/was"
	explore --quiet
	check "something else of its name ($what) stays" "it is gone" \
		eval '[ "$what" = directory ] && [ -d "$file" ] || cmp -s "$tmp/was" "$file"'
	check "and the finding has another name" "$(ls "$tmp/found")" replays "${file%.prog}-2.prog"
done
rm -rf "$tmp/found"

# --- a disk that is full, or cannot be written -------------------------------------------------

# limited ARG...: the same, where every write to a file fails
limited() {
	( ulimit -f 0; "$bin/explore" --schedules 2000 --out "$tmp/found" --json "$tmp/json" --quiet "$@"
	  echo "status $?" ) 2>&1 | cat >"$tmp/out"
	code=$(sed -n 's/^status //p' "$tmp/out")
}
if ! (ulimit -f 0; "$bin/explore" --list >/dev/null 2>&1); then
	ok "no file can be written # SKIP this sanitizer does not start then"
else
	limited --mutant hib-double-dec
	check "where no file can be written a failure is found all the same" "exit status $code" [ "$code" = 1 ]
	check "it says so" "it does not" says 'INV-G1-.*prog: File too large: it is not on the disk'
	check "the program is printed" "it is not" printed '.*\.prog'
	check "and fails" "it does not" replays "$tmp/printed"
	check "so is the block" "it is not" says '^FAIL  INV-G1 '
	check "nothing empty is left" "$(ls -A "$tmp/found")" [ -z "$(ls -A "$tmp/found")" ]
	check "the verdict is printed, too" "it is not" printed json
	check "whole" "it is not" python3 -c 'import json, sys; assert json.load(open(sys.argv[1]))["failures"] > 0' "$tmp/printed"
	limited
	check "without a failure a verdict that cannot be written is status 2" "exit status $code" [ "$code" = 2 ]
fi

if mkdir "$tmp/small" && mount -t tmpfs -o size=64k none "$tmp/small" 2>/dev/null; then
	mounted=$tmp/small
	head -c 1000000 /dev/zero >"$tmp/small/big" 2>/dev/null
	explore --quiet --out "$tmp/small/found" --json "$tmp/small/json"
	check "on a full disk a failure is found all the same" "exit status $code" [ "$code" = 1 -o "$code" = 2 ]
	if [ "$code" = 2 ]; then
		check "or it says at once that there is no space" "it does not" says 'No space left'
	else
		check "its program is printed" "it is not" printed '.*\.prog'
		check "it fails" "it does not" replays "$tmp/printed"
	fi
	: >"$tmp/small/big"
	mkdir "$tmp/small/found" 2>/dev/null
	# room for names, not for contents
	head -c 1000000 /dev/zero >"$tmp/small/big" 2>/dev/null
	explore --quiet --out "$tmp/small/found" --json "$tmp/json"
	check "a disk that fills up: the program is printed" "exit status $code" printed '.*\.prog'
	check "and fails as it should" "it does not" replays "$tmp/printed"
	check "nothing empty or half written is left there" "$(ls -A "$tmp/small/found")" \
		[ -z "$(ls -A "$tmp/small/found")" ]
	rm "$tmp/small/big"
	explore --quiet --out "$tmp/small/found" --json "$tmp/json"
	check "the next run, with space, works" "exit status $code" \
		replays "$(find "$tmp/small/found" -name '*.prog' | head -n 1)"
else
	ok "a full disk # SKIP only root can mount a small one"
fi
for where in /dev/null/x "$tmp/out/x" "$tmp/json"; do
	"$bin/explore" --schedules 1 --out "$where" >"$tmp/log" 2>&1
	code=$?
	check "--out $(basename "$where") that is no directory is told at once" "exit status $code" [ "$code" = 2 ]
done

for command in "explore --schedules 10 --out $tmp/none" "replay corpus/litmus/alloc-steal.prog" \
	"stress --ops 10 --workload opposite"; do
	# shellcheck disable=SC2086
	"$bin"/$command >/dev/full 2>"$tmp/log"
	code=$?
	check "${command%% *}: what could not be said is status 2" "exit status $code" [ "$code" = 2 ]
done
"$bin/explore" --mutant hib-double-dec --schedules 2000 --out "$tmp/none" >/dev/full 2>"$tmp/log"
code=$?
check "but a failure is a failure" "exit status $code" [ "$code" = 1 ]

# --- names -------------------------------------------------------------------------------------

odd=$tmp/$'it\'s a\e[31m "dir"'
explore --quiet --out "$odd" --json "$tmp/json"
check "an escape in a name does not get to the terminal" "it does" \
	eval '! grep -q "$(printf "\033\\[31m")" "$tmp/out"'
check "JSON holds any name" "it does not parse" python3 -c '
import json, os, sys
r = json.load(open(sys.argv[1]))
assert all(os.path.exists(f["file"]) for f in r["findings"]) and r["findings"]' "$tmp/json"
repro=$(sed -n 's/^repro //p' "$tmp/out" | tail -n 1)
check "the command that shows it again can be pasted" "$repro" \
	eval 'bash -c "$repro" 2>&1 | grep -q "INV-G1 as expected"'

finish
