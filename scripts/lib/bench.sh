#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs one bench of scripts/bench.d, for scripts/lib/bench.py: what they share. Options are in the
# environment, see environment() there. What goes wrong is a line of
# $out/trouble, "STATUS WHAT": most of it happens in subshells, whose exit status is not seen.
set -euo pipefail
: "${seconds=}" "${runs=}" "${schedules=}" "${variant:=dev}" "${jobs:=1}" "${mutants=}" "${out:?}"
read -ra only <<<"$mutants"

trouble() {	# status what
	cat "$out/log" >&2
	echo "$1 $2" >>"$out/trouble"
}
build() {	# targets of ninja
	local quiet=(--quiet)
	[ ! -t 1 ] || quiet=()
	mkdir -p out/lock
	flock out/lock/build ninja "${quiet[@]}" "$@"
}
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
# operations/s of one run
rate() {	# variant workload threads seed
	out/"$1"/stress --workload "$2" --threads "$3" --seconds "${seconds:-2}" --seed "$4" --slots 512 \
		--noise 0 --report "$out/r.report" --quiet >"$out/log" 2>&1 ||
		{ trouble "$?" "stress $2, $3 threads, seed $4"; echo 0; return; }
	awk -F'\t' '$1 == "operations" { o = $2 } $1 == "seconds" { s = $2 } END { printf "%.0f\n", o / s }' "$out/r.report"
}

# every mutant, or those asked for; seed-v1-slab is not wrong by itself
mutants() {
	if [ ${#only[@]} -gt 0 ]; then printf '%s\n' "${only[@]}"; return; fi
	sed -n 's/^MUTANT([A-Z0-9_]*, "\([^"]*\)".*/\1/p' core/kernel/mutants.def | grep -vx seed-v1-slab
}

# Does only weak memory show it? W in the depth.
is_weak() { grep -q "^MUTANT([A-Z0-9_]*, \"$1\", \"[^\"]*\", \"[^\"]*W\"" core/kernel/mutants.def; }

# One search for a mutant; strategy "-": explore's default. Prints: found 0|1, schedules, check.
search() {	# mutant strategy run budget
	local dir="$out/search-$1-$2-$3" code=0 strategy=(--strategy "$2")
	[ "$2" != - ] || strategy=()
	! is_weak "$1" || strategy+=(--weak)
	rm -rf "$dir"; mkdir -p "$dir"
	"out/$variant/explore" --mutant "$1" "${strategy[@]}" --seed "$(( $3 * 10000000 + 1 )).." \
		--schedules "$4" --quiet --out "$dir" --json "$dir/json" >"$dir/log" 2>&1 </dev/null || code=$?
	[ "$code" -lt 2 ] || { cp "$dir/log" "$out/log"; trouble "$code" "explore, mutant $1, run $3"; echo "0 0 -"; return; }
	local json check n=0
	json=$(tr '\n' ' ' <"$dir/json")
	[[ $json =~ \"done\":\ \{\ \"schedules\":\ ([0-9]+) || $json =~ \"schedules\":\ ([0-9]+) ]] && n=${BASH_REMATCH[1]}
	check=$(sed -n 's/^FOUND  \([^ ]*\).*/\1/p' "$dir/log" | head -n 1)
	echo "$code $n ${check:--}"
}

# Searches 1..RUNS, --jobs at a time. Prints a line of search() for each, in order.
searches() {	# mutant strategy runs budget
	local i
	for (( i = 1; i <= $3; i++ )); do
		while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
		search "$1" "$2" "$i" "$4" >"$out/search.$i" &
	done
	wait
	for (( i = 1; i <= $3; i++ )); do cat "$out/search.$i"; done
}

. "scripts/bench.d/$1"
