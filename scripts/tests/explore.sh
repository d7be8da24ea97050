#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What explore finds, counts, and says: from generated programs and from files, with each of its
# options. TAP; exit 1 if a test failed. usage: scripts/tests/explore.sh [VARIANT]...
cd "$(dirname "$0")/../.."
. scripts/lib/tap.sh
litmus=corpus/litmus


variants=("$@")
[ $# != 0 ] || built explore dev asan tsan
explore=out/${variants[0]}/explore

# run ARG...: output in $tmp/out, JSON in $tmp/json, findings in $tmp/found, which is new
run() {
	code=0
	rm -rf "$tmp/found" "$tmp/json"
	"$explore" --quiet --out "$tmp/found" --json "$tmp/json" "$@" >"$tmp/out" 2>&1 || code=$?
}
# expect STATUS PATTERN NAME ARG...
expect() {
	local want=$1 pattern=$2 name=$3
	shift 3
	run "$@"
	judge "$want" "$pattern" "$name"
}
field() { sed -n "/\"run\":/s/.*\"$1\": \([0-9]*\).*/\1/p" "$tmp/json" | head -n 1; }
counts() { echo "$(field programs) $(field schedules) $(field points) $(field behaviours)"; }
findings() { find "$tmp/found" -name '*.prog' ! -name '.*' | wc -l; }

# --- it finds, and replay shows it again --------------------------------------------------

for v in "${variants[@]}"; do
	explore=out/$v/explore
	expect 1 '^FOUND  INV-G1 ' "$v: a mutant is found from generated programs" \
		--mutant hib-double-dec --schedules 20000
	found=$(find "$tmp/found" -name '*.prog')
	got=0
	"out/$v/replay" --times 2 "$found" >"$tmp/out" 2>&1 || got=$?
	check "$v: replay shows it again" "exit status $got" \
		grep -q "^ok .*: INV-G1 as expected" "$tmp/out"
	expect 0 'no failure in 1000 schedules' "$v: nothing is found without one" --schedules 1000
done
explore=out/${variants[0]}/explore
run --mutant hib-double-dec --schedules 20000
repro=$(sed -n 's/^repro //p' "$tmp/out" | tail -n 1)
$repro >"$tmp/repro" 2>&1
check "the command it prints shows it again" "'$repro'" \
	grep -q "^ok .*: INV-G1 as expected" "$tmp/repro"
found=$(find "$tmp/found" -name '*.prog')
check "the finding says what is expected, and with which mutant" "it does not" \
	grep -q '^expect INV-G1 with mutant hib-double-dec$' "$found"
check "the report lies beside it" "it does not" \
	grep -q '^FAIL  INV-G1 ' "${found%.prog}.txt"

# TSan forgets some accesses: a race is not seen in each run of its schedule.
if [ -x out/tsan/explore ]; then
	explore=out/tsan/explore raced=0 once=0 lost=0
	for seed in {1..20}; do
		run --mutant no-grace-period --seed "$seed.." --schedules 20000
		grep -q '^FOUND  RACE ' "$tmp/out" && raced=$((raced + 1))
		grep -q '^This failed once' "$tmp/found"/*.txt && once=$((once + 1))
		out/tsan/replay "$tmp/found"/*.prog >"$tmp/out" 2>&1 || lost=$((lost + 1))
	done
	explore=out/${variants[0]}/explore
	check "tsan: races are found" "only $raced of 20 runs found any" [ "$raced" -gt 10 ]
	check "tsan: their interleaving is drawn" "$once failed once only" [ "$once" = 0 ]
	check "tsan: replay shows them again" "$lost passed" [ "$lost" = 0 ]
fi

# --- weak memory: the schedule in the file is left aside -----------------------------------

for name in publish table; do
	f=$litmus/weak-$name.prog m=$name-relaxed
	expect 1 "^FOUND  $(sed -n "s/^# with mutant $m: //p" "$f") " "$m is found with --weak" --weak --mutant "$m" \
		--schedules 20000 "$f"
	expect 0 "^explore: the mutant $m shows with --weak only" "$m is not found without, and that is said" \
		--mutant "$m" --schedules 3000 "$f"
done
expect 0 'no failure in 3000 schedules' "with --weak nothing else is" --weak --schedules 3000 "$litmus"/weak-*.prog
check "nor is --weak asked for where it is on" "it is" [ "$(grep -c 'with --weak only' "$tmp/out")" = 0 ]
run --list
check "--list says which mutants need it" "$(grep -c 'with --weak only' "$tmp/out") do" \
	[ "$(grep -c 'with --weak only' "$tmp/out")" = "$(grep -c '^MUTANT(.*+W",' core/kernel/mutants.def)" ]

# --- counting -----------------------------------------------------------------------------

run --seed 5..24 --per-program 32
first=$(counts)
run --seed 5..24 --per-program 32
check "the same seeds give the same programs, schedules, points and behaviours" \
	"$first, then $(counts)" [ "$first" = "$(counts)" ]
check "a range of seeds has so many programs" "$(field programs)" [ "$(field programs)" = 20 ]
check "and so many schedules each" "$(field schedules)" [ "$(field schedules)" = 640 ]
run --seed 25..44 --per-program 32
check "other seeds give other schedules" "$(counts)" [ "$first" != "$(counts)" ]
run --seed 5..24 --per-program 32 --strategy random
first=$(counts)
run --seed 5..24 --per-program 32 --strategy random --jobs 2
check "two jobs share the seeds" "$(counts), not $first" \
	[ "$(field programs) $(field schedules) $(field points)" = "${first% *}" ]
run --seed 5..24 --per-program 32 --strategy portfolio
first=$(counts)
run --seed 5..24 --per-program 32 --strategy portfolio
check "a portfolio shifts its budget the same way again" "$first, then $(counts)" \
	[ "$first" = "$(counts)" ]
run --seed 7..7 --per-program 10
check "a range of one seed is a single program" "$(field programs)" [ "$(field programs)" = 1 ]
run --seed 7 --per-program 10 --schedules 95
check "a single number is where seeds begin" "$(field programs) programs" [ "$(field programs)" = 10 ]
run --schedules 777
check "--schedules is the number of schedules" "$(field schedules)" [ "$(field schedules)" = 777 ]
expect 0 'no failure in [1-9][0-9]* schedules' "--seconds ends it" --seconds 0.3
for strategy in $("$explore" --list | sed -n 's/^  \([a-z]*\) .*/\1/p' | grep -vx -e default -e exhaustive); do
	expect 0 "strategy $strategy" "strategy $strategy" --strategy "$strategy" --schedules 300
done
expect 0 'strategy exhaustive, bound 1' "an exhaustive search comes to its end" \
	--strategy exhaustive --bound 1 --no-values "$litmus/slot-null-to-hibernation.prog"
printf 'program 1\ntask 0 @cpu0 { drain }\ntask 1 @cpu1 { sync_rcu }\n' >"$tmp/small.prog"
expect 0 'complete: there are no other schedules' "it says that it has seen all" \
	--strategy exhaustive --bound 50 --no-values "$tmp/small.prog"
expect 2 'bound 5, complete up to 0, ' "or up to how many preemptions" --strategy exhaustive --bound 5 \
	--no-values --schedules 500 "$litmus/alloc-steal.prog"
run --strategy exhaustive --bound 1 --no-values "$litmus/slot-null-to-hibernation.prog"
first=$(counts)
run --strategy exhaustive --bound 1 --no-values "$litmus/slot-null-to-hibernation.prog"
check "the same size each time" "$first, then $(counts)" [ "$first" = "$(counts)" ]
expect 0 '^path	.*	[1-9][0-9]*$' "--coverage counts rare paths" --coverage --schedules 500
expect 0 'no failure in 1 schedules' "the default strategy runs a file once" \
	--strategy default "$litmus/alloc-steal.prog"

# --- what was asked for, and what was done ------------------------------------------------

verdict() {	# WORD REASON, in words and in JSON
	grep -q "^explore: $1: " "$tmp/out" && grep -q "\"verdict\": \"$1\", \"reason\": \"$2" "$tmp/json"
}
expect 2 '^explore: INCOMPLETE: .*: 4 of 200000 schedules: no seeds are left$' \
	"seeds that end before the schedules do" --seed 81..81 --schedules 200000
check "so says its JSON" "$(cat "$tmp/json")" verdict INCOMPLETE "4 of 200000 schedules"
check "with what was planned, and what was done" "$(cat "$tmp/json")" \
	grep -q '"planned": { "schedules": 200000, "seconds": null, "programs": 1 }' "$tmp/json"
expect 2 '^explore: INCOMPLETE: .* of 1000000 schedules: out of time$' \
	"time that ends before the schedules do" --schedules 1000000 --seconds 0.3
expect 2 '^explore: INCOMPLETE: .* of 100000 programs: out of time$' \
	"time that ends before the seeds do" --seed 1..100000 --seconds 0.3
expect 2 '^explore: INCOMPLETE: .*: 0 of 1 programs: out of time$' \
	"an exhaustive search cut short by time" --strategy exhaustive --bound 5 --seconds 0.3 \
	"$litmus/alloc-steal.prog"
expect 2 '^explore: INCOMPLETE: .*: 0 of 1 programs$' \
	"an exhaustive search cut short by schedules" --strategy exhaustive --bound 5 --schedules 20 \
	"$litmus/alloc-steal.prog"
expect 0 '^explore: PASS: ' "time alone is what is asked for" --seconds 0.3
check "and done" "$(cat "$tmp/json")" verdict PASS '"'
expect 0 '^explore: PASS: ' "seeds that end before the time does" --seed 1..3 --seconds 600
expect 1 '^explore: FAIL: 1 failure, 1 distinct' "a failure ends it: nothing is missing" \
	--mutant hib-double-dec --schedules 200000
check "says the JSON, too" "$(cat "$tmp/json")" verdict FAIL "1 failure, 1 distinct (0 of them in "
expect 1 '^explore: FAIL: .*; INCOMPLETE: [0-9]* of 200000 schedules' "a failure, and not all was done" \
	--mutant hib-double-dec --seed 1..40 --schedules 200000 --keep-going
expect 2 'takes a single seed' "a range of seeds with files" --seed 1..3 \
	"$litmus/alloc-steal.prog"

# --- findings -----------------------------------------------------------------------------

run --mutant hib-double-dec --schedules 3000 --keep-going
check "--keep-going goes on" "exit status $code, $(field schedules) schedules" \
	[ "$code" = 1 -a "$(field schedules)" -ge 3000 ]
check "failures of one kind are one finding" "$(field failures) failures, $(findings) files" \
	[ "$(field failures)" -ge 5 -a "$(findings)" -lt 4 ]
run --mutant fast-lock-leak --schedules 5000 --keep-going
check "of several kinds, several" "$(findings) files" [ "$(findings)" -ge 2 ]
got=0
out/${variants[0]}/replay "$tmp"/found/*.prog >"$tmp/out" 2>&1 || got=$?
check "replay shows all of them" "exit status $got" \
	[ "$got" = 0 -a "$(grep -c '^ok ' "$tmp/out")" = "$(findings)" ]
"$explore" --mutant fast-lock-leak --schedules 5000 --keep-going --out "$tmp/told" >"$tmp/out" 2>&1 || got=$?
check "each is told in a few lines, its file has the rest" "$(wc -l <"$tmp/out") lines" \
	[ "$(grep -c '\.txt: the interleaving$' "$tmp/out")" = "$(find "$tmp/told" -name '*.txt' | wc -l)" -a \
	  "$(wc -l <"$tmp/out")" -lt "$(( 10 + 5 * $(findings) ))" ]

# --- near all files ---------------------------------------------------------------------------

mapfile -t files < <(find corpus -name '*.prog' | sort)
for v in "${variants[@]}"; do
	explore=out/$v/explore
	expect 0 "no failure in $(( ${#files[@]} * 64 )) schedules" "$v: near the whole corpus, nothing fails" \
		--near --per-program 64 --schedules $(( ${#files[@]} * 64 )) "${files[@]}"
done
explore=out/${variants[0]}/explore

# --- near a file --------------------------------------------------------------------------

expect 0 'near.*portfolio' "near a litmus program nothing fails" --near --schedules 300 \
	"$litmus/drop-reclaim-dangling.prog"
expect 1 '^FOUND  INV-C8 ' "with the mutant it is about, the file itself does" --near --schedules 1 \
	--mutant upstream-relocate-dangling "$litmus/drop-reclaim-dangling.prog"
# the lock was taken once more since the file was written
sed 's/0.op5 lock(mmap)#1/0.op5 lock(mmap)#2/; s/2.op1 alloc#2/2.op1 alloc#3/' \
	"$litmus/drop-reclaim-dangling.prog" >"$tmp/stale.prog"
out/${variants[0]}/replay "$tmp/stale.prog" >"$tmp/out" 2>&1
check "a stale file" "it is not stale" grep -q '^STALE' "$tmp/out"
expect 1 '^FOUND  INV-C8 ' "can be searched near" --near --schedules 5000 \
	--mutant upstream-relocate-dangling "$tmp/stale.prog"
expect 0 '^explore: PASS: no failure in 400 schedules.*2 files' "files are taken in turns" --schedules 400 \
	"$litmus/alloc-steal.prog" "$litmus/write-fails.prog"

# --- what is worth a sanitizer's look -----------------------------------------------------

hash() { sed -n 's/.*"hash": "\([0-9a-f]*\)".*/\1/p' "$tmp/json"; }
worth=$tmp/worth
run --seed 3..102
first=$(hash)
expect 0 '^explore: 200 schedules with rare behaviours, of [0-9]*, written to ' "--worth writes the rarest schedules" \
	--seed 3..102 --worth "$worth" --worth-max 200
check "and changes none of them" "hash $(hash), not $first" [ "$first" = "$(hash)" ]
check "as files, and nothing else" "$(ls -A "$worth")" \
	[ "$(find "$worth" -name 'seed-*-*.prog' | wc -l) $(ls -A "$worth" | wc -l)" = "200 200" ]
run --seed 3..102 --worth "$worth-2" --worth-max 200 --jobs 2
check "two jobs write the same" "they do not" diff -r "$worth" "$worth-2"
for v in "${variants[@]}"; do
	explore=out/$v/explore
	expect 0 '(200 files, 200 replayed, 0 stale, near' "$v: all are replayed exactly before the search near them" \
		--near "$worth" --schedules 400
done
explore=out/${variants[0]}/explore
# more of them than any machine replays in that time
mapfile -t tenfold < <(yes "$worth" | head -n 10)
expect 2 '^explore: INCOMPLETE: .*: [0-9]* of 2000 files replayed: out of time$' "and are asked for" \
	--near "${tenfold[@]}" --seconds 0.02
expect 1 '^explore: FAIL' "what a file's schedule shows is found when it is replayed" --near --schedules 2 \
	--mutant upstream-relocate-dangling "$litmus/alloc-steal.prog" "$litmus/drop-reclaim-dangling.prog"
expect 0 'written to ' "what was found near files is worth it, too" --near --schedules 300 --worth "$worth-3" \
	--worth-max 5 "$litmus/alloc-steal.prog" "$litmus/write-fails.prog"
check "these are programs" "they are not" "$explore" --near --quiet --out "$tmp/found" --schedules 5 "$worth-3"
if [ -x out/dev/explore ] && [ -x out/tsan/explore ]; then
	explore=out/dev/explore
	expect 0 'written to' "dev does not see a data race" --mutant entry-unlocked --seed 3..102 --worth "$worth-race"
	explore=out/tsan/explore
	expect 1 '^FOUND  RACE ' "tsan does, near what dev wrote" --near "$worth-race" --mutant entry-unlocked \
		--schedules 6000
	found=$(find "$tmp/found" -name '*.prog')
	got=0
	out/tsan/replay "$found" >"$tmp/out" 2>&1 || got=$?
	check "and replay shows it again" "exit status $got" grep -q '^ok .*: RACE as expected' "$tmp/out"
	explore=out/${variants[0]}/explore
fi
expect 2 'explore: --worth: /dev/null/x: ' "a directory that cannot be made" --schedules 1 --worth /dev/null/x
expect 2 'a number from 1 to 4096 is expected' "no file" --schedules 1 --worth "$worth" --worth-max 0
mkdir "$tmp/empty" "$tmp/bad"
expect 2 "$tmp/empty: expected a file .*.prog in this directory" "a directory without programs" --near "$tmp/empty"
echo 'no program' >"$tmp/bad/x.prog"
expect 2 "$tmp/bad/x.prog:1:1: expected " "a directory with something else" --near "$tmp/bad"

# --- JSON, signals, options ---------------------------------------------------------------

if command -v python3 >/dev/null; then
	run --mutant hib-double-dec --schedules 2000 --keep-going
	check "--json is JSON" "it does not parse" python3 -c '
import json, sys
r = json.load(open(sys.argv[1]))
assert r["schedules"] >= 2000 and r["failures"] > 0 and r["points"] > r["contended_points"] > 0
assert all(f["file"].endswith(".prog") and f["schedules"] >= 0 for f in r["findings"])
assert len(r["findings"]) >= 1' "$tmp/json"
else
	ok "--json is JSON # SKIP no python3 to parse it"
fi

for jobs in 1 2; do
	# by then it has come to a schedule, unless the machine had no time for it
	for pause in 0.5 3 20; do
		"$explore" --quiet --jobs $jobs --out "$tmp/found" >"$tmp/out" 2>&1 &
		pid=$!
		heeds "$pid" INT
		sleep "$pause"
		kill -INT "$pid"
		got=0; wait "$pid" || got=$?
		grep -q 'no failure in 0 schedules' "$tmp/out" || break
	done
	check "SIGINT ends $jobs job(s) with a verdict" "exit status $got" \
		[ "$got" = 2 -a -n "$(grep '^explore: INCOMPLETE: no failure in [1-9][0-9]* schedules.*: SIGINT after' "$tmp/out")" ]
done
rm -rf "$tmp/found"
"$explore" --mutant hib-double-dec --keep-going --quiet --jobs 2 --out "$tmp/found" >"$tmp/out" 2>&1 &
pid=$!
until grep -q '^FOUND' "$tmp/out"; do sleep 0.1; done
kill -TERM "$pid"
got=0; wait "$pid" || got=$?
check "so does SIGTERM, and what was found is kept" "exit status $got, $(findings) files" \
	[ "$got" = 1 -a "$(findings)" -ge 1 -a -n "$(grep '^explore: FAIL: .* failure.* distinct.*; INCOMPLETE: SIGTERM' "$tmp/out")" ]
check "nothing unfinished is left behind" "$(ls -A "$tmp/found")" \
	[ -z "$(find "$tmp/found" -name '.*.prog')" ]

expect 0 'Usage:.*explore' "--help explains" --help
expect 0 '^hib-double-dec  *.*second time' "--list names the mutants" --list
expect 0 '^  surw  *uniform' "and the strategies" --list
expect 2 'unrecognized option' "an option that does not exist" --frobnicate
expect 2 "unrecognized option '--stragety'; near: --strategy" "a misspelt option" --stragety pct
expect 2 "a number from 1 to 64 is expected, not '0'" "no job" --jobs 0
expect 2 "is expected, not 'x'" "a number that is none" --schedules x
expect 2 "is expected, not '-1'" "a negative number" --schedules -1
expect 2 "--seed 9..5: the last seed is before the first" "a range of seeds that ends before it begins" --seed 9..5
expect 2 "a number of seconds above 0, at most 10000000, is expected" "no time" --seconds 0
expect 2 "list, not 'dfs'" "a strategy that does not exist" --strategy dfs
expect 2 "no mutant or group 'frob'" "a mutant that does not exist" --mutant frob
expect 2 "can be given once" "two mutants" --mutant seed-v1-a --mutant seed-v1-b
expect 2 'near needs a file' "near nothing" --near
expect 2 'an exhaustive search needs' "an exhaustive search without an end" --strategy exhaustive
expect 2 "explore: --json: .*none/x.: No such file" "a JSON file that cannot be written" \
	--schedules 1 --json "$tmp/none/x"
expect 2 "explore: --out: /dev/null/x: " "findings that cannot be written" --schedules 1 --out /dev/null/x
expect 2 "$tmp/none.prog: No such file" "a file that does not exist" "$tmp/none.prog"
printf 'program 1\nmachine cpus=99\n' >"$tmp/bad.prog"
expect 2 "$tmp/bad.prog:2:14: expected cpus, 1 to 16" "a file that is wrong" \
	"$litmus/alloc-steal.prog" "$tmp/bad.prog"

finish
