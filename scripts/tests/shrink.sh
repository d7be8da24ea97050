#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What shrink makes of programs that explore has found: smaller ones that fail in the same way, the
# same for any number of jobs; and what it says to those that pass and to bad input.
# TAP; exit 1 if a test failed. usage: scripts/tests/shrink.sh [VARIANT]...
cd "$(dirname "$0")/../.."
. scripts/lib/tap.sh

find_one() {	# VARIANT SEED EXPLORE_OPTION...: $found
	local v=$1 seed=$2
	shift 2
	rm -rf "$tmp/found"
	"out/$v/explore" "$@" --seed "$seed.." --schedules 1000000 --quiet --out "$tmp/found" \
		>"$tmp/out" 2>&1
	found=$(find "$tmp/found" -name '*.prog' ! -name '.*' | head -n 1)
}
operations() { awk '/^}/ { in_task = 0 } in_task { n++ } /^task / { in_task = 1 } END { print n + 0 }' "$1"; }
choices() { grep -c -e ' -> ' "$1"; }
expectation() { sed -n 's/^expect //p' "$1"; }

variants=("$@")
[ $# != 0 ] || built shrink dev asan tsan

# --- smaller, and the same failure --------------------------------------------------------

for v in "${variants[@]}"; do
	for m in seed-v1-a seed-v1-b no-writeok-gate; do
		[ "$v" = dev ] || [ "$m" = seed-v1-b ] || continue
		find_one "$v" 1 --mutant "$m"
		expect 0 '^again: .*replay ' "$v: a finding with $m is shrunk" \
			"out/$v/shrink" "$found" -o "$tmp/small.prog" --quiet
		check "$v: to a quarter of its operations, or three, and at most 4 choices" \
			"$(operations "$found") operations became $(operations "$tmp/small.prog")" \
			[ $(( (4 * $(operations "$tmp/small.prog") <= $(operations "$found") ||
			       $(operations "$tmp/small.prog") <= 3) &&
			      $(choices "$tmp/small.prog") <= 4 )) = 1 ]
		check "$v: the same failure is expected" "$(expectation "$tmp/small.prog")" \
			[ "$(expectation "$tmp/small.prog")" = "$(expectation "$found")" ]
		expect 0 '^ok ' "$v: replay fails as expected, 20 times" \
			"out/$v/replay" --times 20 "$tmp/small.prog"
	done
done

v=${variants[0]}
shrink=out/$v/shrink
find_one "$v" 1 --mutant seed-v1-a
"$shrink" "$found" -o "$tmp/a.prog" --quiet >/dev/null
"$shrink" "$found" -o "$tmp/b.prog" --quiet >/dev/null
check "twice: the same program" "two runs, two programs" cmp -s "$tmp/a.prog" "$tmp/b.prog"
"$shrink" "$found" -o "$tmp/b.prog" --quiet --jobs 3 >/dev/null
check "three jobs: the same program" "another one" cmp -s "$tmp/a.prog" "$tmp/b.prog"
"$shrink" "$tmp/a.prog" -o "$tmp/b.prog" --quiet >/dev/null
check "the smallest stays as it is" "it changed" cmp -s "$tmp/a.prog" "$tmp/b.prog"

expect 0 '^repro ' "the failure block is shown" "$shrink" "$found" -o "$tmp/b.prog"
command=$(sed -n 's/^repro *//p' "$tmp/out" | tail -n 1)
expect 0 '^ok .*as expected' "its command shows the failure again" $command

grep -v '^expect' "$found" >"$tmp/plain.prog"
expect 0 '^again: ' "--mutant and a file without expect" \
	"$shrink" --mutant seed-v1-a "$tmp/plain.prog" -o "$tmp/b.prog" --quiet
check "the result names both" "$(expectation "$tmp/b.prog")" \
	[ "$(expectation "$tmp/b.prog")" = "$(expectation "$found")" ]

# --- what needs no choice has no schedule ---------------------------------------------------

find_one "$v" 1 --mutant hib-double-dec
"$shrink" "$found" -o "$tmp/b.prog" --quiet >"$tmp/out" 2>&1
check "a failure without choices has no schedule" "there is one" \
	[ "$(grep -c -e '^schedule' -e '^expect INV-' "$tmp/b.prog")" = 1 ]

# --- an end before the end --------------------------------------------------------------------

find_one "$v" 1 --mutant seed-v1-c
expect 0 'out of time' "--max-seconds ends it with what there is" \
	"$shrink" "$found" -o "$tmp/b.prog" --quiet --max-seconds 0.1
expect 0 '^ok ' "what there is fails as expected" "out/$v/replay" "$tmp/b.prog"
"$shrink" "$found" -o "$tmp/b.prog" --quiet --jobs 2 >"$tmp/out" 2>&1 &
heeds $! INT
sleep 0.3
kill -INT $! 2>/dev/null || echo "# it had ended before"
code=0
wait $! || code=$?
check "SIGINT ends it with what there is" "exit status $code" \
	[ "$code" = 2 -a -n "$(grep '^shrink: INCOMPLETE: SIGINT' "$tmp/out")" ]
expect 0 '^ok ' "what there is fails as expected, too" "out/$v/replay" "$tmp/b.prog"

# --- what cannot be shrunk ----------------------------------------------------------------------

printf 'program 1\ntask 0 @cpu0 {\n\tmap m0 0\n}\n' >"$tmp/pass.prog"
expect 2 'does not fail' "a program that passes" "$shrink" "$tmp/pass.prog" -o "$tmp/no.prog"
sed 's/^schedule/&\n0.op1 read#999999 -> rcu;/' "$found" | sed '/^expect/d' >"$tmp/stale.prog"
expect 2 'does not fail with its schedule' "a schedule that does not fail" \
	"$shrink" "$tmp/stale.prog" -o "$tmp/no.prog"
check "nothing is written then" "it is" [ ! -e "$tmp/no.prog" ]
if [ "$v" = dev ]; then
	printf 'program 1\ntask 0 @cpu0 {\n\tmap m0 0\n}\nexpect RACE\n' >"$tmp/race.prog"
	expect 2 'RACE is seen in tsan' "a failure that only another variant sees" \
		"$shrink" "$tmp/race.prog" -o "$tmp/no.prog"
fi
printf 'program 1\ntask 0 @cpu0 {\n\tmap m0 99999\n}\n' >"$tmp/bad.prog"
expect 2 'bad.prog:3:9: ' "a bad program" "$shrink" "$tmp/bad.prog" -o "$tmp/no.prog"
expect 2 'No such file' "no such file" "$shrink" "$tmp/none.prog" -o "$tmp/no.prog"
expect 2 'No such file' "an output that cannot be written" \
	"$shrink" "$found" -o "$tmp/none/no.prog"
expect 2 'no mutant' "no such mutant" "$shrink" --mutant nothing "$found" -o "$tmp/no.prog"
expect 2 'a file is expected' "no file" "$shrink" -o "$tmp/no.prog"
expect 2 'OUT is expected' "no output" "$shrink" "$found"
expect 2 'expected one file' "two files" "$shrink" "$found" "$found" -o "$tmp/no.prog"
expect 2 'number from 1 to' "no jobs" "$shrink" "$found" -o "$tmp/no.prog" --jobs 0
expect 2 'number of seconds above 0' "no time" "$shrink" "$found" -o "$tmp/no.prog" --max-seconds -1
check "no temporary files are left" "$(ls "$tmp")" [ -z "$(find "$tmp" -name '*.tmp-*')" ]

finish
