#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every program of the corpus that needs no mutant passes in every variant, on the same trace;
# litmus programs do what their comments say, and fail with the mutants they name; and what replay
# says to stale, wrong and broken files.
# TAP; exit 1 if a test failed. usage: scripts/tests/replay.sh [VARIANT]...
#
# In a litmus program's comment
#   # with mutant ID: CHECK			with that mutant, this check fails
#   # hash: HASH				the trace, of programs that use the machine only
cd "$(dirname "$0")/../.."
. scripts/lib/tap.sh
litmus=corpus/litmus
export LLVM_PROFILE_FILE=/dev/null


variants=("$@")
[ $# != 0 ] || built replay dev asan tsan cov bench
# Mutants are built into these.
first=
for v in "${variants[@]}"; do
	case $v in dev|asan|tsan) first=${first:-$v} ;; esac
done
replay=out/${first:-dev}/replay

# --- every file, every variant ------------------------------------------------------------

# passes VARIANT TIMES WHAT FILE...
passes() {
	local v=$1 times=$2 what=$3 got=0
	local name="$v: every $what program passes $times times"
	shift 3
	"out/$v/replay" --times "$times" "$@" >"$tmp/out" 2>&1 || got=$?
	if [ "$got" = 0 ] && [ "$(grep -c '^ok ' "$tmp/out")" = $# ]; then
		ok "$name"
	else
		not_ok "$name" "exit status $got, $(grep -c '^ok ' "$tmp/out") of $# passed"
		grep -v '^ok ' "$tmp/out" >"$tmp/bad"; show "$tmp/bad"
	fi
}

mapfile -t files < <(find corpus/litmus corpus/regress corpus/seeds -name '*.prog' | sort | xargs grep -L '^expect.*with mutant')
for v in "${variants[@]}"; do
	case $v in dev) times=1000 ;; *) times=50 ;; esac
	passes "$v" $times litmus "$litmus"/*.prog
	passes "$v" 2 corpus "${files[@]}"
	"out/$v/replay" --hash "${files[@]}" >"$tmp/$v.hash" 2>&1
done
for v in "${variants[@]:1}"; do
	name="the traces in $v are those in ${variants[0]}"
	if diff "$tmp/${variants[0]}.hash" "$tmp/$v.hash" >"$tmp/bad" && [ -s "$tmp/$v.hash" ]; then
		ok "$name"
	else
		not_ok "$name" "hashes differ"; show "$tmp/bad"
	fi
done

sed -n 's/^# hash: //p' "$litmus"/*.prog | sort >"$tmp/pinned"
for v in "${variants[@]}"; do
	name="$v: pinned traces are what they were"
	grep -F -f "$tmp/pinned" "$tmp/$v.hash" | cut -d' ' -f1 | sort >"$tmp/pins"
	if [ -s "$tmp/pinned" ] && diff "$tmp/pinned" "$tmp/pins" >"$tmp/bad"; then
		ok "$name"
	else
		not_ok "$name" "hashes differ"; show "$tmp/bad"
	fi
done

# --- what the comments say ----------------------------------------------------------------

silent=$(grep -L '^reaches \|^# hash: ' "$litmus"/*.prog)
check "every litmus program says what it reaches" "not $silent" [ -z "$silent" ]
# and what is not reached is seen: another task, value, event, field or order
taken=$litmus/drop-reclaim-taken.prog
line=$(grep -n -m1 '^reaches ' "$taken" | cut -d: -f1)
for want in 0:swap_reclaim_relocked 1:swap_reclaim_relocked,usable=0 1:swap_table_putback 1:swap_reclaim_relocked,list=DISCARD \
	    "1:swap_reclaim_relocked 1:swap_reclaim_unlocked"; do
	sed "/^reaches /d; s/^expect/reaches $want\n&/" "$taken" >"$tmp/t.prog"
	got=0
	"$replay" "$tmp/t.prog" >"$tmp/out" 2>&1 || got=$?
	check "not reached: $want" "exit status $got" \
		[ "$got" = 1 -a -n "$(grep "^MISSES .*t.prog:$line: not reached.*: ${want##* } (after [01] of" "$tmp/out")" ]
done
declare -A found=([seed-v1-slab]=1)	# not wrong by itself
wrong=0
while IFS=: read -r f mutant check; do
	mutant=${mutant##* } check=${check# }
	found[$mutant]=1
	variant=$first
	# those take a sanitizer
	case $check in
	UAF) variant=asan ;;
	RACE) variant=tsan ;;
	esac
	[[ " ${variants[*]} " = *" $variant "* ]] || continue
	got=0
	"out/$variant/replay" --mutant "$mutant" "$f" >"$tmp/out" 2>&1 || got=$?
	if [ "$got" != 1 ] || ! grep -aq "^FAILS *$f: $check " "$tmp/out"; then
		wrong=1
		echo "# $f with mutant $mutant: exit status $got, not $check"
		show "$tmp/out"
	fi
done < <(grep '^# with mutant ' "$litmus"/*.prog)
if [ -z "$first" ]; then
	:
elif [ "$wrong" = 0 ]; then
	ok "every litmus program fails with the mutants it names"
else
	not_ok "every litmus program fails with the mutants it names" "see above"
fi
unnamed=
for mutant in $(sed -n 's/^MUTANT([A-Z0-9_]*, "\([^"]*\)".*/\1/p' core/kernel/mutants.def); do
	[ -n "${found[$mutant]:-}" ] || unnamed+=" $mutant"
done
if [ -z "$unnamed" ]; then
	ok "every mutant has a litmus program that shows it"
else
	not_ok "every mutant has a litmus program that shows it" "not$unnamed"
fi

# --- stale, wrong and broken files --------------------------------------------------------

# expect STATUS PATTERN NAME [ARG...]: a last ARG "-" is a program on standard input
expect() {
	local want=$1 pattern=$2 name=$3 got=0 args
	shift 3
	args=("$@")
	if [ "${!#}" = - ]; then
		cat >"$tmp/t.prog"
		args[$# - 1]=$tmp/t.prog
	fi
	"$replay" "${args[@]}" >"$tmp/out" 2>&1 || got=$?
	if [ "$got" != "$want" ]; then
		not_ok "$name" "exit status $got, not $want"; show "$tmp/out"
	elif ! grep -aqe "$pattern" "$tmp/out"; then
		not_ok "$name" "no '$pattern' in the output"; show "$tmp/out"
	else
		ok "$name"
	fi
}
base='program 1
task 0 @cpu0 { map m0 0; reclaim m0 0 }
task 1 @cpu1 { lookup A 1 }
'
expect 0 '^ok .*t.prog: [0-9]* points, hash [0-9a-f]\{16\}$' "a program without a schedule" - \
	<<<"$base"
expect 3 '^STALE .*not reached: 0.op2 lock(ci)#99 -> 1$' "an event that does not happen any more" - \
	<<<"$base
schedule 0.op2 lock(ci)#99 -> 1
expect pass"
expect 3 '^STALE .*: 1.op0 lock(si)#1 -> 0$' "an event of an operation in which it cannot be" - \
	<<<"$base
schedule 1.op0 lock(si)#1 -> 0"
expect 3 '^STALE .*: 1.op1 deref#1 -> 0$' "a task that has ended cannot run" - \
	<<<"$base
schedule 1.op1 deref#1 -> 0"
expect 3 '^STALE .*: 0.op1 lock(ptl)#1 -> work1$' "nor a worker without work" - \
	<<<"$base
schedule 0.op1 lock(ptl)#1 -> work1"
expect 3 '^STALE .*: 0.op2 lock(ptl)#2 -> 1$' "choices of one task in another order than they come" - \
	<<<"$base
schedule 0.op2 lock(ci)#1 -> 1; 0.op2 lock(ptl)#2 -> 1"
expect 3 '^STALE .*: 0.op2 random#1 -> 9$' "a value that is not to be had" - \
	<<<"$base
schedule 0.op2 random#1 -> 9"
expect 3 '^STALE .*: rcu.op7 end#1 -> 0$' "a task of the machine that does not come so far" - \
	<<<"$base
schedule rcu.op7 end#1 -> 0"
expect 1 '^MISSES .*t.prog:5: not reached, in this order: 0:swap_alloc_taken,nr=2 (after 1 of 2)' "a tracepoint that does not come" - \
	<<<"$base
reaches swap_alloc_taken 0:swap_alloc_taken,nr=2"
expect 0 '^ok .*t.prog' "one that comes" - \
	<<<"$base
reaches 0:swap_alloc_taken,nr=1"
expect 2 't.prog:5:11: expected a tracepoint, .*found .swap_alok_taken.; near: swap_alloc_taken' "one that does not exist" - \
	<<<"$base
reaches 0:swap_alok_taken"
expect 1 '^PASSES .*: INV-C1 was expected' "a failure that does not happen" - \
	<<<"$base
expect INV-C1"

if [ -n "$first" ]; then
	hib='program 1
task 0 @cpu0 { hib_alloc A; hib_free }
'
	expect 0 '^ok .*: INV-G1 as expected' "a failure that is expected" - \
		<<<"$hib
expect INV-G1 with mutant hib-double-dec"
	expect 0 '^ok .*: INV-G1 as expected' "the same, five times" --times 5 - \
		<<<"$hib
expect INV-G1 with mutant hib-double-dec"
	expect 1 '^FAILS .*: INV-G1 .*; INV-C1 was expected' "another failure than is expected" - \
		<<<"$hib
expect INV-C1 with mutant hib-double-dec"
	expect 1 '^FAILS .*: INV-G1 .*; pass was expected' "a failure where none is expected" - \
		<<<"$hib
expect pass with mutant hib-double-dec"
	expect 0 '^skip .*: needs mutant hib-double-dec' "a file that needs a mutant can be left out" \
		--skip-mutants - <<<"$hib
expect INV-G1 with mutant hib-double-dec"
	expect 2 't.prog:4:25: expected the id of a mutant, found .frob' "a file with an unknown mutant" - \
		<<<"$hib
expect pass with mutant frob"
fi

expect 2 't.prog:2:15: expected cpus, 1 to 16, found .0.' "a number out of range" - \
	<<<"program 1
machine  cpus=0"
expect 2 't.prog:1:1: expected .program 1., found the end of the file' "an empty file" - </dev/null
expect 2 't.prog:1:1: expected .program 1., found byte 0x00' "a NUL byte" - \
	< <(printf '\0program 1\n')
expect 2 't.prog:2:6: expected .*, found byte 0xff' "any byte" - < <(printf 'program 1\ntask \xff')
expect 2 "t.prog:2:14: expected cpus, 1 to 16, found '999999999999999999999999'" \
	"a number that is too long" - < <(printf 'program 1\nmachine cpus=%0*d' 100000 0 | tr 0 9)
expect 2 't.prog:3:1: expected .*each after those before it' "a section twice" - \
	<<<"program 1
machine cpus=1
machine cpus=1"
expect 2 't.prog:1:1: expected' "100 MB of noise" - < <(head -c 100000000 /dev/zero | tr '\0' '\377')
expect 2 '/dev/zero: is no regular file' "a device" /dev/zero
mkfifo "$tmp/fifo"
expect 2 'fifo: is no regular file' "a FIFO, without waiting for a writer" "$tmp/fifo"
truncate -s 1T "$tmp/sparse"
expect 2 'is longer than 128 MiB' "a file that is too long, without reading it" "$tmp/sparse"
rm "$tmp/sparse"
expect 2 'a.x1b\[31m: No such file' "an escape in a name does not get to the terminal" "$tmp/"$'a\e[31m'
for n in -1 +1 ' 1' 08 18446744073709551616 ''; do
	expect 2 'times: a number from 1 to 18446744073709551614 is expected' "'$n' times" --times "$n" "$litmus/alloc-steal.prog"
done
expect 2 'the name of a mutant is empty' "a mutant without a name" --mutant '' "$litmus/alloc-steal.prog"
expect 2 'is a device' "a picture on a device" --svg /dev/full "$litmus/alloc-steal.prog"
expect 2 ': is a directory, not a program' "a directory" "$tmp"
expect 2 ': No such file' "a file that does not exist" "$tmp/none.prog"
expect 2 't.prog:1:1: expected' "one bad file among good ones" "$litmus/alloc-steal.prog" - <<<x
if grep -q '^ok .*alloc-steal.prog' "$tmp/out" &&
   grep -q '^replay: INCOMPLETE: 2 of 2 files: 1 as expected, 1 could not be replayed$' "$tmp/out"; then
	ok "the good ones are replayed"
else
	not_ok "the good ones are replayed" "they are not"; show "$tmp/out"
fi

timeout --preserve-status -s TERM 1 "$replay" --times 1000000000 "$litmus/alloc-steal.prog" >"$tmp/out" 2>&1
got=$?
if [ "$got" = 2 ] && grep -q '^replay: INCOMPLETE: [^:]*: 0 as expected, 1 could not be replayed; SIGTERM$' "$tmp/out"; then
	ok "interrupted, it says once that it is incomplete"
else
	not_ok "interrupted, it says once that it is incomplete" "exit status $got"; show "$tmp/out"
fi

# --- bisecting ----------------------------------------------------------------------------

# bisect STATUS WORD NAME FILE: as `git bisect run` calls it, without its build
cp "$replay" "$tmp/replay"
bisect() {
	local got=0
	"$tmp/replay" --bisect "${@:5}" "$4" >"$tmp/out" 2>&1 </dev/null || got=$?
	if [ "$got" = "$1" ] && grep -q "^bisect: $2" "$tmp/out"; then
		ok "--bisect: $3"
	else
		not_ok "--bisect: $3" "exit status $got, not $1, or no '$2'"; show "$tmp/out"
	fi
}
printf 'program 1\ntask 0 @cpu0 { map m0 0 }\nexpect pass\n' >"$tmp/passes.prog"
printf 'program 1\ntask 0 @cpu0 { map m0 0 }\nschedule\n0.op9 read#1 -> 0\n' >"$tmp/stale.prog"
printf 'program 2\n' >"$tmp/bad.prog"
printf 'program 1\ntask 0 @cpu0 { map m0 0 }\nexpect INV-G1\n' >"$tmp/mended.prog"
bisect 0 good "a program that passes" "$tmp/passes.prog"
bisect 0 good "a failure that does not happen" "$tmp/mended.prog"
bisect 125 skip "a stale file" "$tmp/stale.prog"
bisect 125 skip "a file that does not parse" "$tmp/bad.prog"
bisect 125 skip "a file that is not there" "$tmp/none.prog"
if [ -n "$first" ]; then
	printf '%s\nexpect INV-G1\n' "$hib" >"$tmp/hib.prog"
	bisect 1 bad "a failure that happens" "$tmp/hib.prog" --mutant hib-double-dec
	printf '%s\nexpect pass\n' "$hib" >"$tmp/hib-pass.prog"
	bisect 1 bad "a program that fails" "$tmp/hib-pass.prog" --mutant hib-double-dec
	printf '%s\nexpect INV-C1\n' "$hib" >"$tmp/hib-other.prog"
	bisect 125 skip "another failure" "$tmp/hib-other.prog" --mutant hib-double-dec
fi
mkdir -p "$tmp/tree/out/dev"
cp "$replay" "$tmp/tree/out/dev/replay"
cat >"$tmp/tree/build.ninja" <<-NINJA
	rule nothing
	  command = false
	build out/dev/replay: nothing $tmp/changes
NINJA
: >"$tmp/changes"
got=0
"$tmp/tree/out/dev/replay" --bisect "$tmp/passes.prog" >"$tmp/out" 2>&1 || got=$?
if [ "$got" = 125 ] && grep -q '^bisect: skip: it does not build' "$tmp/out"; then
	ok "--bisect: what does not build"
else
	not_ok "--bisect: what does not build" "exit status $got"; show "$tmp/out"
fi
sed -i 's/command = false/command = touch $out/' "$tmp/tree/build.ninja"
got=0
"$tmp/tree/out/dev/replay" --bisect "$tmp/passes.prog" >"$tmp/out" 2>&1 || got=$?
if [ "$got" = 0 ] && grep -q '^bisect: good' "$tmp/out"; then
	ok "--bisect: builds first"
else
	not_ok "--bisect: builds first" "exit status $got"; show "$tmp/out"
fi
for args in "--bisect --frobnicate x" "--bisect" "--bisect a b" "--bisect --times x a"; do
	got=0
	# shellcheck disable=SC2086
	"$replay" $args >"$tmp/out" 2>&1 || got=$?
	if [ "$got" -ge 128 ]; then
		ok "bad usage ends a bisection: $args"
	else
		not_ok "bad usage ends a bisection: $args" "exit status $got"; show "$tmp/out"
	fi
done

# --- options ------------------------------------------------------------------------------

expect 0 '^ok ' "comments, anywhere" - <<-PROGRAM
	# here
	program 1 # there
	# and
	task 0 @cpu0 { # there
	# again
	map m0 0 # or
	} # here
	schedule # behind
	# between
	0.op1 lock(ptl)#1 -> 0 ; # each
	# of them
	0.op1 unlock(ptl)#1 -> 0 # the end
PROGRAM
expect 0 'Usage:.*replay' "--help explains" --help
expect 2 'a file is expected' "no file"
expect 2 'a number from 1 to' "no times" --times 0 "$litmus/alloc-steal.prog"
expect 2 'a number from 1 to' "times that are no number" --times x "$litmus/alloc-steal.prog"
expect 2 'unrecognized option' "an option that does not exist" --frobnicate "$litmus/alloc-steal.prog"
expect 0 '^0      op3   reclaim          swap_alloc_taken si=A ci=A/[0-9]' "--trace shows tracepoints" \
	--trace "$litmus/alloc-steal.prog"
expect 0 '^0      op3   reclaim *lock(ptl)#1$' "and scheduling points" \
	--trace "$litmus/alloc-steal.prog"
traces=0 different=0 numbered=0
for f in "$litmus"/*.prog corpus/regress/*.prog; do
	"$replay" --trace "$f" >"$tmp/one" 2>/dev/null
	"$replay" --trace "$f" >"$tmp/two" 2>/dev/null
	traces=$(( traces + 1 ))
	cmp -s "$tmp/one" "$tmp/two" || { different=$(( different + 1 )); echo "# $f"; }
	! grep -q -E '0x|=[0-9]{12}' "$tmp/one" || { different=$(( different + 1 )); echo "# $f: an address"; }
	! grep -q 'swap_table_published.* table=t[1-9]' "$tmp/one" || numbered=$(( numbered + 1 ))
done
if [ "$different" = 0 ] && [ "$numbered" -gt 10 ]; then
	ok "--trace prints the same twice: tables have numbers"
else
	not_ok "--trace prints the same twice" "$different of $traces differ, $numbered with tables"
fi
expect 0 '^ok .*, after the WARN as expected$' "a WARN that the run goes on after is what was expected" \
	--warn=go corpus/regress/upstream-worker-late.prog
check "and is told" "it is not" grep -q '^       WARN  core/swap/cluster.h:[0-9]*: .*WARN_ON(.*percpu_ref_is_zero(.*; the run goes on$' "$tmp/out"
expect 1 '^FAILS .*: INV-G7 .*; WARN was expected$' "what follows a WARN is told" \
	--warn=go corpus/regress/hib-free-cached.prog
check "with the WARN" "without" grep -q '^       WARN  core/swap/entry.c:' "$tmp/out"
expect 0 'WARN_ON(.*' "the picture of a WARN" --diagram corpus/regress/upstream-add-bad.prog
check "names the slot, and that it is bad" "it does not" grep -q 'A:9, which is bad' "$tmp/out"
expect 0 '^[0-9a-f]\{16\}  corpus/litmus/alloc-steal.prog$' "--hash prints the hash" \
	--hash "$litmus/alloc-steal.prog"
sed 's/^expect .*/expect INV-C8/' "$litmus/alloc-steal.prog" >"$tmp/passes.prog"
grep -q '^expect' "$tmp/passes.prog" || echo 'expect INV-C8' >>"$tmp/passes.prog"
expect 1 '^[0-9a-f]\{16\}  .*passes.prog$' "--hash of a file that does not do what it expects" \
	--hash --json "$tmp/hash.json" "$tmp/passes.prog"
check "its verdict is that of a replay without --hash" "it is not" \
	grep -q '"verdict": "FAIL", "reason": "1 of 1 files: 0 as expected, 1 not"' "$tmp/hash.json"
expect 0 '^ok .*write-fails' "files are taken in the order of their names" \
	"$litmus/write-fails.prog" "$litmus/alloc-steal.prog"
if sed -n 1p "$tmp/out" | grep -q alloc-steal; then
	ok "whatever the order of the arguments"
else
	not_ok "whatever the order of the arguments" "it is not so"; show "$tmp/out"
fi
for v in "${variants[@]}"; do
	case $v in cov|bench) ;; *) continue ;; esac
	replay=out/$v/replay
	expect 2 'mutants are not built into this variant' "$v: a mutant is refused" \
		--mutant seed-v1 "$litmus/alloc-steal.prog"
	expect 2 'mutants are not built into this variant' "$v: a file that needs one, too" - \
		<<<"program 1
expect pass with mutant seed-v1"
done

finish
