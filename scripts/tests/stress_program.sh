#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A failure of free-running threads leaves a program, and explore --near finds a schedule of it that
# replays. TAP; exit 1 if a test failed. usage: scripts/tests/stress_program.sh [VARIANT]
cd "$(dirname "$0")/../.."
. scripts/lib/tap.sh
dir=out/${1:-dev}


# fails MUTANT SEED OPTION...: does stress find the mutant?
fails() {
	local mutant=$1 seed=$2
	shift 2
	"$dir/stress" --workload mixed --seconds 10 --seed "$seed" --mutant "$mutant" --quiet "$@" >"$tmp/log" 2>&1
	[ $? = 1 ]
}

# through MUTANT SEED: from a failure to a program to a schedule to a replay
through() {
	local found
	rm -rf "$tmp/near" "$tmp/failure.prog"
	fails "$1" "$2" --program "$tmp/failure.prog" || return 1
	grep -q "^expect .* with mutant $1$" "$tmp/failure.prog" || return 1
	"$dir/explore" --near "$tmp/failure.prog" --mutant "$1" --seconds 20 --quiet --out "$tmp/near" \
		>"$tmp/explored" 2>&1
	[ $? = 1 ] || return 1
	found=$(find "$tmp/near" -name '*.prog' | head -n 1)
	[ -n "$found" ] && "$dir/replay" "$found" >/dev/null
}

for mutant in seed-v1-a seed-v1-c seed-v1-gfp; do
	done=
	for seed in 1 2 3; do
		if through "$mutant" "$seed"; then done=1; break; fi
	done
	check "a failure of stress with $mutant becomes a schedule that replays" "not in three tries" [ -n "$done" ]
done

# all workers crash at about the same time
told=0
for seed in 1 2 3 4 5; do
	fails add-no-table "$seed"
	told=$(( told + $(grep -c '^FAIL  CRASH ' "$tmp/log") ))
done
check "of threads that crash together, the first one is told" "$told of 5 times" [ "$told" = 5 ]

# a single failure may have no event but those of a worker that writes
: >"$tmp/events"
for seed in 1 2 3 4 5; do
	fails seed-v1-gfp "$seed"
	sed -n '/^last events$/,/^[^ ]/p' "$tmp/log" >>"$tmp/events"
done
check "the last events name objects as diagrams do" "$(head -n 5 "$tmp/events")" \
	grep -q -E 'swap_[a-z_]+ +si=[A-D] ci=[A-D]/[0-9]+' "$tmp/events"
check "and have no address" "$(grep -m1 -E '0x|=[0-9]{12}' "$tmp/events")" \
	[ -z "$(grep -E '0x|=[0-9]{12}' "$tmp/events")" ]
sed -n '/^program 1$/,/^expect /p' "$tmp/log" >"$tmp/printed.prog"
check "without --program it is printed" "$(head -c 300 "$tmp/log")" grep -q '^task 0 @cpu0 {$' "$tmp/printed.prog"
got=0
"$dir/play" "$tmp/printed.prog" >"$tmp/log" 2>&1 || got=$?
check "what is printed is a program" "$(head -c 300 "$tmp/log")" [ "$got" -lt 2 ]
"$dir/stress" --workload opposite --seconds 0.2 --quiet --program "$tmp/none.prog" >"$tmp/log" 2>&1
check "a run that does not fail leaves no program" "there is one" [ ! -e "$tmp/none.prog" ]
got=0
"$dir/stress" --workload opposite --seconds 0.2 --quiet --program "$tmp/none/x" >"$tmp/log" 2>&1 || got=$?
check "a place where no program can be written is bad usage" "exit status $got" [ "$got" = 2 ]

finish
