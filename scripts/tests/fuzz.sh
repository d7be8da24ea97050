#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The libFuzzer targets and the scripts around them: that coverage of interleavings reaches
# libFuzzer, that junk is rejected, that a bug is found and shown again, exit codes, interrupts.
# TAP; exit 1 if a test failed. usage: scripts/tests/fuzz.sh
cd "$(dirname "$0")/../.."
. scripts/lib/tap.sh
unset SWAPHAMMER_MUTANT SWAPHAMMER_PAIRS SWAPHAMMER_WEAK


built fuzz_program fuzz-asan fuzz-tsan
[ ${#variants[@]} -gt 0 ] || { echo "1..$nr"; exit 0; }
# whatever variants the others run in
mkdir -p out/lock
flock out/lock/build ninja --quiet out/dev/seed out/{dev,asan,tsan}/replay || exit 1

tracked=$(ls corpus/seeds)

# --- they run, and junk is nothing to them ------------------------------------------------

mkdir "$tmp/junk" "$tmp/junk/directory" "$tmp/parse"
: >"$tmp/junk/empty"
head -c 10000000 /dev/urandom >"$tmp/junk/noise"
seed=$(find corpus/seeds -name '*.prog' | sort | head -n 1)
head -c 100 "$seed" >"$tmp/junk/cut"
tr 'a-f' 'b-g' <"$seed" >"$tmp/junk/garbled"
for v in "${variants[@]}"; do
	for target in fuzz_program fuzz_model; do
		# new inputs go to the first directory
		mkdir "$tmp/$v.$target"
		expect 0 'Done 2000 runs' "$v: $target runs" "out/$v/$target" -runs=2000 -seed=1 \
			-artifact_prefix="$tmp/" "$tmp/$v.$target" corpus/seeds
		check "$v: $target: libFuzzer knows the pairs" "no line about them" \
			grep -q '^INFO: 32768 Extra Counters' "$tmp/out"
		check "$v: $target: schedules are worth it" "less than 100 points on average" \
			awk '$1 == "stat::mean_scheduling_points:" { n = $2 } END { exit !(n >= 100) }' "$tmp/out"
		expect 0 'Done' "$v: $target rejects junk" "out/$v/$target" -runs=0 "$tmp/junk"
		expect 0 'corp: 1/1b' "$v: $target goes on from nothing" "out/$v/$target" -runs=1 "$tmp/junk"
	done
	expect 0 'Done 20000 runs' "$v: fuzz_parse runs" \
		"out/$v/fuzz_parse" -runs=20000 -seed=1 -dict=fuzz/program/program.dict "$tmp/parse" "$tmp/junk" corpus/seeds
	for file in empty noise cut garbled; do
		expect 0 "Executed $tmp/junk/$file" "$v: a file of it alone: $file" \
			"out/$v/fuzz_program" "$tmp/junk/$file"
	done
done

# --- a bug is found, saved, and shown again -----------------------------------------------

# finds VARIANT TARGET MUTANT CHECK
finds() {
	local v=$1 target=$2 mutant=$3 check=$4 dir="$tmp/$1-$2-$3" found artifact
	mkdir "$dir"
	SWAPHAMMER_MUTANT=$mutant expect 77 "^FAIL  $check " "$v: $target finds $mutant" \
		"out/$v/$target" -seed=1 -runs=300000 -artifact_prefix="$dir/"
	check "$v: $mutant: replay's path is told" "it is not" \
		grep -q "^again out/${v#fuzz-}/replay $dir/" "$tmp/out"
	found=$(find "$dir" -name '*.prog') artifact=$(find "$dir" -name 'crash-*')
	check "$v: $mutant: the program says what is expected" "it does not" \
		grep -qx "expect $check with mutant $mutant" "$found"
	[ "$target" = fuzz_model ] ||
		expect 0 "^ok .*: $check as expected" "$v: $mutant: replay shows it again" \
			"out/${v#fuzz-}/replay" "$found"
	expect 77 "^FAIL  $check " "$v: $mutant: the program fails here, too" "out/$v/$target" \
		-artifact_prefix="$dir/again-" "$found"
	SWAPHAMMER_MUTANT=$mutant expect 77 "^FAIL  $check " "$v: $mutant: libFuzzer's artifact fails" \
		"out/$v/$target" -artifact_prefix="$dir/again-" "$artifact"
}
for v in "${variants[@]}"; do
	finds "$v" fuzz_program hib-double-dec INV-G1
	finds "$v" fuzz_model hib-double-dec MODEL-USAGE
	finds "$v" fuzz_program seed-v1-b INV-C8
done
v=${variants[0]}
[ "$v" != fuzz-asan ] || finds "$v" fuzz_program no-grace-period UAF
expect 2 "no mutant or group 'nothing'" "an unknown mutant is refused" \
	env SWAPHAMMER_MUTANT=nothing "out/$v/fuzz_program" -runs=1
expect 2 "the name of a mutant is empty" "so is one without a name" \
	env SWAPHAMMER_MUTANT= "out/$v/fuzz_program" -runs=1
mkfifo "$tmp/fifo"
for arg in -nosuch=1 -run=1 -runs -runs= -runs=abc -runs=08 -runs=+1 -runs=99999999999 -seed=-1 -seed=4294967296 \
	--runs=1 --help /nosuch /dev/zero "$tmp/fifo" -artifact_prefix=/nosuch/ -exact_artifact_path=/dev/full; do
	expect 2 "^fuzz_program: '$arg'" "an argument that libFuzzer would misunderstand: ${arg#"$tmp"}" \
		timeout 10 "out/$v/fuzz_program" "$arg"
done
expect 2 "no such option; near: runs" "the nearest option is named" "out/$v/fuzz_program" -rnus=1
expect 0 '^ max_total_time ' "libFuzzer's own help" "out/$v/fuzz_program" -help=1
# weak memory, weakly SEED DIR: fuzzes until a failure
weakly() {
	mkdir -p "$2"
	SWAPHAMMER_WEAK=1 SWAPHAMMER_MUTANT=hib-double-dec expect 77 '^FAIL  INV-G1 ' "weak memory: a failure, seed $1" \
		"out/$v/fuzz_program" -seed="$1" -runs=300000 -artifact_prefix="$2/"
}
for n in 1 2 3 4 5 6; do
	weakly "$n" "$tmp/weak/$n"
	found=$(grep -rlE 'store#[0-9]+ -> [1-7]' "$tmp/weak" --include='*.prog' | head -n 1)
	[ -z "$found" ] || break
done
check "weak memory: stores are late in what is found" "no such choice with seeds 1 to 6" [ -n "$found" ]
expect 0 '^ok .*: INV-G1 as expected' "weak memory: replay shows it again" out/dev/replay "$found"
check "without weak memory no store is late" "there is such a choice" \
	[ -z "$(grep -rlE 'store#' "$tmp/$v.fuzz_program")" ]
expect 2 "SWAPHAMMER_WEAK: 0 or 1 is expected, not 'yes'" "another value is refused" \
	env SWAPHAMMER_WEAK=yes "out/$v/fuzz_program" -runs=1
# seeds that fail: told, left out, not forgotten
mkdir "$tmp/seeds" "$tmp/seeds/below"
for n in 1 2; do printf "# $n\nprogram 1\ntask 0 @cpu0 { hib_alloc A; hib_free }\nexpect INV-G1 with mutant hib-double-dec\n" >"$tmp/seeds/below/$n"; done
cp "$seed" "$tmp/seeds"
mkdir "$tmp/from-seeds"
expect 77 'Done 500 runs' "two seeds that fail do not end a run" \
	"out/$v/fuzz_program" -seed=1 -runs=500 -artifact_prefix="$tmp/seeds." "$tmp/from-seeds" "$tmp/seeds"
check "they are told" "not both" [ "$(grep -c "^seed $tmp/seeds/below/[12] fails: goes on without it" "$tmp/out")" = 2 ]
check "each with its block" "$(grep -c '^FAIL  INV-G1' "$tmp/out")" [ "$(grep -c '^FAIL  INV-G1' "$tmp/out")" = 2 ]
check "and counted in the end" "they are not" grep -q '^fuzz_program: seeds that fail: 2$' "$tmp/out"
SWAPHAMMER_LEFT_OUT=$tmp/left-out expect 77 'seeds that fail: 2' "and kept for the next run" \
	"out/$v/fuzz_program" -seed=1 -runs=500 -artifact_prefix="$tmp/seeds." "$tmp/from-seeds" "$tmp/seeds"
SWAPHAMMER_LEFT_OUT=$tmp/left-out expect 77 'seeds that fail: 2' "which goes on without them" \
	"out/$v/fuzz_program" -seed=1 -runs=500 -artifact_prefix="$tmp/seeds." "$tmp/from-seeds" "$tmp/seeds"
check "at once" "they fail again" [ -z "$(grep 'goes on without' "$tmp/out")" ]
expect 77 '^FAIL  INV-G1' "a file of it alone fails, once" "out/$v/fuzz_program" -artifact_prefix="$tmp/seeds." "$tmp/seeds/below/1"
check "and nothing is left out" "it is" [ -z "$(grep 'goes on without' "$tmp/out")" ]
mkdir "$tmp/well"; cp "$seed" "$tmp/well"
expect 0 'Done 500 runs' "without those all is well" "out/$v/fuzz_program" -seed=1 -runs=500 "$tmp/from-seeds" "$tmp/well"
# no file can be written: what was found is printed
(ulimit -f 0; SWAPHAMMER_MUTANT=hib-double-dec "out/$v/fuzz_program" -seed=1 -runs=300000 -artifact_prefix="$tmp/full-" 2>&1) | cat >"$tmp/out"
sed -n '/^--- .*INV-G1-.*prog$/,/^--- end of /p' "$tmp/out" | sed '1d;$d' >"$tmp/printed.prog"
expect 0 '^ok .*: INV-G1 as expected' "a finding that the disk does not take is printed" \
	"out/${v#fuzz-}/replay" "$tmp/printed.prog"
expect 0 'Done' "without concurrency coverage" \
	env SWAPHAMMER_PAIRS=0 "out/$v/fuzz_program" -runs=1000 -seed=1

# --- loops, interrupts, orphans -----------------------------------------------------------

# the targets of the directory, but for zombies
living() {
	local dir n=0
	for dir in /proc/[0-9]*; do
		[[ $(readlink "$dir/exe" 2>/dev/null) = "$tmp"/bin.* ]] || continue
		[[ $(cat "$dir/stat" 2>/dev/null) = *") Z "* ]] || n=$(( n + 1 ))
	done
	echo "$n"
}
left() {
	local i
	for (( i = 0; i < 50 && $(living) > 0; i++ )); do sleep 0.05; done
	[ "$(living)" = 0 ]
}
export SWAPHAMMER_HANG_AFTER=2
mkdir "$tmp/planted"
printf 'program 1\ntask 0 @cpu0 { map m0 0; fork m0 m1 0 }\n' >"$tmp/planted/fork.prog"
printf 'program 1\ntask 0 @cpu0 { map m0 0; reclaim m0 0 }\n' >"$tmp/planted/good.prog"
for v in "${variants[@]}"; do
	flock out/lock/build ninja --quiet "out/$v/test/fuzz_program" || exit 1
	mkdir "$tmp/bin.$v" "$tmp/loop.$v" "$tmp/deaf.$v" "$tmp/crash.$v" "$tmp/fork.$v"
	cp "out/$v/test/fuzz_program" "$tmp/bin.$v"
	# what fails is the operation fork: in one of two seeds, and later in what they become
	for planted in loop deaf crash; do
		name=HANG
		[ $planted != crash ] || name=CRASH
		PLANTED=$planted expect 77 "^FAIL  $name  " "$v: a seed that fails is told: $planted" \
			"$tmp/bin.$v/fuzz_program" -seed=1 -runs=20 -artifact_prefix="$tmp/$planted.$v/" "$tmp/planted"
		check "$v: with its program: $planted" "there is none" \
			grep -rqx "expect $name" "$tmp/$planted.$v" --include="$name-*.prog"
		check "$v: and the run goes on without it: $planted" "it does not" \
			grep -q "^seed $tmp/planted/fork.prog fails: goes on without it" "$tmp/out"
		check "$v: to its end: $planted" "it does not" grep -q '^Done 20 runs\|^artifact_prefix' "$tmp/out"
	done
	# TSan reports it with a lock held: the process ends with the one finding
	mkdir "$tmp/freed.$v"
	PLANTED=freed expect 77 '^FAIL  UAF  ' "$v: a use after free is told" \
		"$tmp/bin.$v/fuzz_program" -seed=1 -runs=20 -artifact_prefix="$tmp/freed.$v/" "$tmp/planted"
	check "$v: with its program alone" "it has others" \
		[ "$(cd "$tmp/freed.$v" && find . -name '*.prog' | cut -d- -f1 | sort -u)" = ./UAF ]
	PLANTED=loop expect 77 '^FAIL  HANG  ' "$v: a loop without a scheduling point ends a run" \
		"$tmp/bin.$v/fuzz_program" -seed=1 -artifact_prefix="$tmp/loop.$v/" "$tmp/planted"
	for sig in INT TERM; do
		PLANTED=loop SWAPHAMMER_HANG_AFTER=100 "$tmp/bin.$v/fuzz_program" "$tmp/fork.$v" corpus/seeds \
			>"$tmp/out" 2>&1 &
		pid=$!
		heeds $pid $sig
		sleep 3
		kill -$sig $pid
		code=0; wait $pid || code=$?
		check "$v: SIG$sig ends one that loops" "exit status $code" \
			[ "$code" = 72 -a -n "$(grep 'run interrupted' "$tmp/out")" ]
	done
	"$tmp/bin.$v/fuzz_program" -fork=2 "$tmp/fork.$v" corpus/seeds >"$tmp/out" 2>&1 &
	pid=$!
	# one may be between two jobs
	for (( try = 0; try < 300; try++ )); do
		n=$(living)
		[ "$n" -lt 2 ] || break
		sleep 0.1
	done
	check "$v: -fork=2 starts others" "$n" [ "$n" -ge 2 ]
	kill -KILL $pid
	wait $pid 2>/dev/null
	check "$v: which end with it" "$(living) are left" left
done
unset SWAPHAMMER_HANG_AFTER

# --- scripts/fuzz -------------------------------------------------------------------------

expect 0 '^fuzz: PASS target=fuzz_program .*, planned 3 s, done ' "scripts/fuzz: nothing wrong" \
	scripts/fuzz --minutes 0.05 --corpus "$tmp/corpus"
check "it keeps what it found" "no inputs in its corpus" \
	[ "$(find "$tmp/corpus" -type f | wc -l)" -gt 10 ]
expect 0 '^fuzz: PASS .* seed=3, ' "two jobs share a corpus" \
	scripts/fuzz model --minutes 0.05 --jobs 2 --corpus "$tmp/corpus2" -- -seed=3
expect 1 '^FAIL  INV-G1 ' "a failure is shown" \
	env SWAPHAMMER_MUTANT=hib-double-dec scripts/fuzz --minutes 1 --corpus "$tmp/corpus3" -- -artifact_prefix="$tmp/corpus3."
again=$(sed -n 's/^\(again\|repro\) *//p' "$tmp/out" | tail -n 1)
expect 0 '^ok .*: INV-G1 as expected' "the command it prints shows it again" bash -c "$again"
for args in '--minutes x' '--minutes 0' '--minutes 0,5' '--jobs 0' '--jobs 08' '--jobs +1' '--variant dev' 'nothing' \
	'program model' '--what' '-- runs' ; do
	# shellcheck disable=SC2086
	expect 2 'usage: scripts/fuzz' "bad usage: $args" scripts/fuzz $args
done
for args in -nosuch=1 -run=1 -runs=08 -runs=99999999999 -merge=1 -max_total_time=1; do
	expect 2 "'$args'" "an option that libFuzzer has not, or scripts/fuzz has: $args" scripts/fuzz -- "$args"
done
expect 2 '^fuzz: INCOMPLETE ' "a place that libFuzzer cannot write to" \
	scripts/fuzz --minutes 0.1 --corpus "$tmp/corpus4" -- -artifact_prefix=/nowhere/at/all/

# interrupted: what it has it keeps, and says so; kill -9 leaves nothing that stops the next run.
# With job control what runs behind hears of SIGINT.
set -m
scripts/fuzz --minutes 5 --corpus "$tmp/interrupted" >"$tmp/out" 2>&1 &
pid=$!
for (( i = 0; i < 200; i++ )); do
	[ "$(find "$tmp/interrupted" -type f 2>/dev/null | wc -l)" -lt 100 ] || break
	sleep 0.1
done
kill -INT "$pid"
code=0
wait "$pid" || code=$?
set +m
check "interrupted: it ends with a verdict" "exit status $code" \
	bash -c "[ $code = 2 ] && grep -q '^fuzz: INCOMPLETE .* done [0-9]* s, [0-9]* executions' '$tmp/out'"
before=$(find "$tmp/interrupted" -type f | wc -l)
check "interrupted: what it found is there" "$before inputs" [ "$before" -ge 100 ]
"out/$v/fuzz_program" "$tmp/interrupted" >"$tmp/out" 2>&1 &
pid=$!
sleep 1
kill -9 "$pid"
wait "$pid" 2>/dev/null
head -c 50 "$seed" >"$tmp/interrupted/cut"
expect 0 "$before\|[0-9]* files found in $tmp/interrupted" "the next run goes on from it" \
	"out/$v/fuzz_program" -runs=1 "$tmp/interrupted"
check "all of it" "less than $before files" \
	awk -v n="$before" '/files found in/ { k = $2 } END { exit !(k >= n) }' "$tmp/out"

# --- scripts/minimize, scripts/coverage, seed ---------------------------------------------

out/dev/seed --generate 1..20 -o "$tmp/generated"
check "seed writes generated programs" "not 20 of them" \
	[ "$(find "$tmp/generated" -name '*.prog' | wc -l)" = 20 ]
expect 0 'has [1-9]' "minimize keeps what is needed" \
	scripts/minimize --out "$tmp/small" "$tmp/generated" "$tmp/interrupted"
check "less than there was" "$(find "$tmp/small" -type f | wc -l) programs" \
	[ "$(find "$tmp/small" -type f | wc -l)" -lt "$before" ]
expect 0 '' "and what it keeps replays" out/dev/replay "$tmp/small"/*.prog
expect 2 'there is no\|no directory' "minimize refuses what is not there" scripts/minimize "$tmp/nothing"
expect 2 'no programs' "minimize refuses junk" scripts/minimize --out "$tmp/small2" "$tmp/junk"
expect 0 'unreachable by design' "coverage: the corpus reaches nearly all" scripts/coverage
expect 1 'core/swap/.*: not reached: ' "coverage: one program does not" scripts/coverage "$seed"
expect 2 'usage: scripts/coverage' "coverage refuses what is not there" scripts/coverage "$tmp/nothing"
expect 2 '' "seed needs a directory" out/dev/seed --generate 1
expect 2 "$tmp/junk/cut:" "seed refuses junk with its place" out/dev/seed -o "$tmp/small2" "$tmp/junk/cut"

check "the tracked corpus is as it was" "it has changed" [ "$(ls corpus/seeds)" = "$tracked" ]

finish
