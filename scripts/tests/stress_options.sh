#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What stress says to good and bad input: exit status, and a message that names the mistake.
# TAP; exit 1 if a test failed. usage: scripts/tests/stress_options.sh [VARIANT]
set -uo pipefail
cd "$(dirname "$0")/../.."
stress=out/${1:-dev}/stress
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0 nr=0

ok() { nr=$(( nr + 1 )); echo "ok $nr - $1"; }
not_ok() { nr=$(( nr + 1 )); failed=1; echo "not ok $nr - $1: $2"; }

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
expect 2 "what is 'mixed'" "an argument that is no option" mixed
expect 2 "no workload 'kbuilt'" "a workload that does not exist" --workload kbuilt
expect 2 "no mutant 'frob'" "a mutant that does not exist" --mutant frob
expect 2 'slots takes a power of two' "slots that are no power of two" --slots 12
expect 2 'slots takes 8..512' "too few slots" --slots 4
expect 2 'slots takes 8..512' "too many slots" --slots 1024
expect 2 'count-bits takes 2..4' "a count of one bit" --count-bits 1
expect 2 'cpus takes 1..16' "no CPU" --cpus 0
expect 2 'cpus takes 1..16' "more CPUs than there can be" --cpus 17
expect 2 'table takes page or slab' "a table back end that does not exist" --table heap
expect 2 'threads takes 1..64' "no thread" --threads 0
expect 2 'noise takes 0..100' "too much noise" --noise 101
expect 2 "seed takes a number, not 'x'" "a seed that is no number" --seed x
expect 2 "seed takes a number, not '-1'" "a negative number" --seed -1
expect 2 "seconds takes a positive number" "no time" --seconds 0
expect 2 "ops takes a number, not '10k'" "a number with something behind it" --ops 10k
expect 2 'requires an argument' "an option without its argument" --seed
expect 2 'report: cannot write' "a report that cannot be written" \
	"${quick[@]}" --report "$tmp/none/file"
expect 2 'report: cannot write' "a report that is a directory" "${quick[@]}" --report "$tmp"
expect 2 'writing .* failed' "a report on a full device" "${quick[@]}" --report /dev/full

expect 0 '^stress: PASS workload=opposite threads=2 seed=0x2a ' "a short run" \
	"${quick[@]}" --threads 2 --seed 42
expect 0 '^stress: workload=opposite threads=4 seed=0x' "a run prints its seed" "${quick[@]}"
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

"$stress" --workload opposite --seconds 60 >"$tmp/out" 2>&1 &
pid=$!
sleep 1
kill -INT "$pid"
got=0; wait "$pid" || got=$?
if [ "$got" = 0 ] && tail -n 1 "$tmp/out" | grep -q '^stress: PASS'; then
	ok "SIGINT ends a run early, with its report"
else
	not_ok "SIGINT ends a run early, with its report" "exit status $got"
fi

echo "1..$nr"
exit "$failed"
