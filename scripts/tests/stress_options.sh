#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What stress says to good and bad input: exit status, and a message that names the mistake.
# TAP; exit 1 if a test failed. usage: scripts/tests/stress_options.sh [VARIANT]
cd "$(dirname "$0")/../.."
. scripts/lib/tap.sh
stress=out/${1:-dev}/stress


# expect STATUS PATTERN NAME ARG...: the pattern is looked for in all output
expect() {
	local want=$1 pattern=$2 name=$3 got=0
	shift 3
	"$stress" "$@" >"$tmp/out" 2>&1 || got=$?
	if [ "$got" != "$want" ]; then
		not_ok "$name" "exit status $got, not $want"
		sed 's/^/# /' "$tmp/out" | head -n 20
	elif ! grep -qe "$pattern" "$tmp/out"; then
		not_ok "$name" "no '$pattern' in the output"
		sed 's/^/# /' "$tmp/out" | head -n 20
	else
		ok "$name"
	fi
}
quick=(--workload opposite --seconds 0.2)

expect 0 '^mixed ' "--list names the workloads" --list
expect 0 'Usage:.*stress' "--help explains" --help
expect 2 'unrecognized option.*--frobnicate' "an option that does not exist" --frobnicate
expect 2 "unexpected argument 'mixed'" "an argument that is no option" mixed
expect 2 "no workload 'kbuilt'; near: kbuild" "a workload that does not exist" --workload kbuilt
expect 2 "no mutant or group 'frob'" "a mutant that does not exist" --mutant frob
expect 2 "near: seed-v1-a" "a mutant that is nearly one" --mutant sed-v1-a
expect 2 "the name of a mutant is empty" "a mutant without a name" --mutant ''
expect 2 'slots: a power of two from 8 to 512 is expected' "slots that are no power of two" --slots 12
expect 2 'slots: a number from 8 to 512 is expected' "too few slots" --slots 4
expect 2 'slots: a number from 8 to 512 is expected' "too many slots" --slots 1024
expect 2 'count-bits: a number from 2 to 4 ' "a count of one bit" --count-bits 1
expect 2 'cpus: a number from 1 to 16 ' "no CPU" --cpus 0
expect 2 'cpus: a number from 1 to 16 ' "more CPUs than there can be" --cpus 17
expect 2 'table: page or slab is expected' "a table back end that does not exist" --table heap
expect 2 'threads: a number from 1 to 64 ' "no thread" --threads 0
expect 2 'noise: a number from 0 to 100 ' "too much noise" --noise 101
expect 2 "seed: a number from 0 to 18446744073709551615 .*, not 'x'" "a seed that is no number" --seed x
for n in -1 +1 ' 1' '1 ' 08 0X7 0x 18446744073709551616 0x10000000000000000 '' $'1\e[31m'; do
	expect 2 'seed: a number from 0 to 18446744073709551615 ' "'$(printf %q "$n")' is no seed" --seed "$n"
done
for s in 0 -1 +1 1e3 inf nan 0x10 .5 5. 00.5 08 10000001 1,5 ''; do
	expect 2 "seconds: a number of seconds above 0, at most 10000000, " "'$s' is no time" --seconds "$s"
done
expect 2 "ops: a number from 1 to .* is expected, not '10k'" "a number with something behind it" --ops 10k
expect 2 "unrecognized option '--a.x1b\[31m'" "an option's escape does not get to the terminal" $'--a\e[31m'
expect 2 'requires an argument' "an option without its argument" --seed
expect 2 'report: .*: No such file or directory' "a report that cannot be written" \
	"${quick[@]}" --report "$tmp/none/file"
expect 2 'report: .*: is a directory' "a report that is a directory" "${quick[@]}" --report "$tmp"
expect 2 'report: .*: is a device' "a report that is a device" "${quick[@]}" --report /dev/full
[ -c /dev/full ] || not_ok "a device stays what it is" "/dev/full is gone"
ln -s file "$tmp/link"
expect 2 'report: .*: is a symbolic link' "a report that is a link" "${quick[@]}" --report "$tmp/link"
echo '{ "verdict": "PASS" }' >"$tmp/old.json"
# a limit of the size of files, in KiB, stands for a full disk
got=$( (ulimit -f 1; "$stress" "${quick[@]}" --report "$tmp/old.json"; echo "status $?") 2>&1 | cat)
if [[ $got = *'File too large'*'"verdict": "PASS"'*'status 2' ]]; then
	ok "a report that does not fit on the disk is told"
else
	not_ok "a report that does not fit on the disk is told" "$got"
fi
if [ -e "$tmp/old.json" ]; then
	not_ok "an earlier run's verdict does not stay for this one's" "it is there"
else
	ok "an earlier run's verdict does not stay for this one's"
fi

expect 0 '^stress: PASS workload=opposite threads=2 seed=42 ' "a short run" \
	"${quick[@]}" --threads 2 --seed 42
expect 0 '^stress: PASS .*seed=18446744073709551615 ' "a seed may be hexadecimal" \
	"${quick[@]}" --seed 0xffffffffffffffff
expect 0 '^stress: workload=opposite threads=4 seed=[0-9]' "a run prints its seed" "${quick[@]}"
seed=$(sed -n 's/^stress: workload.* seed=\([^ ]*\) .*/\1/p' "$tmp/out")
expect 0 "^stress: PASS .*seed=$seed " "which can be given back" "${quick[@]}" --seed "$seed"
expect 0 'operations in' "a run of so many operations" --workload usemem --ops 500 --seconds 100
expect 0 '^stress: PASS' "512 slots a cluster, tables from a slab" \
	"${quick[@]}" --slots 512 --table slab --count-bits 4 --cpus 16
expect 0 '^stress: PASS' "one thread, one CPU, no noise" \
	"${quick[@]}" --threads 1 --cpus 1 --noise 0 --watchdog 0

if "$stress" "${quick[@]}" --quiet --report "$tmp/r.json" >/dev/null 2>&1 &&
   python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); assert r["operations"] > 0 and r["verdict"] == "PASS"' \
	"$tmp/r.json" 2>/dev/null; then
	ok "the report is JSON"
elif ! command -v python3 >/dev/null; then
	nr=$(( nr + 1 )); echo "ok $nr - the report is JSON # SKIP no python3 to parse it"
else
	not_ok "the report is JSON" "it does not parse"
fi
if "$stress" "${quick[@]}" --quiet --report "$tmp/r.report" >/dev/null 2>&1 &&
   awk -F'\t' '$1 == "operations" && $2 > 0 { n++ } $1 == "path" { n++ } END { exit n < 2 }' \
	"$tmp/r.report"; then
	ok "the report is lines of fields if its name ends in .report"
else
	not_ok "the report is lines of fields if its name ends in .report" "they are not there"
fi

expect 0 '^stress: PASS' "a run until all rare paths are reached" --workload kbuild --until-covered --seconds 60 \
	--report "$tmp/r.report"
check "all of them are in its report" "$(grep '^path' "$tmp/r.report")" \
	awk -F'\t' '$1 == "path" { n++; missing += !$3 } END { exit n < 3 || missing }' "$tmp/r.report"
check "and in its table" "one is missing" eval '! grep -q MISSING "$tmp/out"'

"$stress" --workload opposite --seconds 60 >"$tmp/out" 2>&1 &
pid=$!
heeds "$pid" INT
sleep 0.5
kill -INT "$pid"
got=0; wait "$pid" || got=$?
if [ "$got" = 2 ] && grep -q '^stress: INCOMPLETE: SIGINT after .* of 60 s$' "$tmp/out" &&
   tail -n 1 "$tmp/out" | grep -q '^stress: INCOMPLETE workload'; then
	ok "SIGINT ends a run early, with its report"
else
	not_ok "SIGINT ends a run early, with its report" "exit status $got"
fi
expect 2 '^stress: INCOMPLETE: [0-9]* of 1000000000 operations: the time is over$' \
	"fewer operations than were asked for" "${quick[@]}" --ops 1000000000 --report "$tmp/r.json"
if grep -q '"verdict": "INCOMPLETE"' "$tmp/r.json" && grep -q '"reason": "[0-9]* of 1000000000' "$tmp/r.json"; then
	ok "the report says so, too"
else
	not_ok "the report says so, too" "$(head -n 4 "$tmp/r.json")"
fi

finish
