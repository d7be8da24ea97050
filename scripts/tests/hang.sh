#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Engines over code that loops for ever, crashes, or is killed (fuzz/test/planted.c): what they say,
# that they end, and that no process is left behind.
# TAP; exit 1 if a test failed. usage: scripts/tests/hang.sh [VARIANT]...
cd "$(dirname "$0")/../.."
. scripts/lib/tap.sh
patience=120

# Processes of the program $1 that are not zombies. A killed parent's children take a moment.
left() {
	local i
	for (( i = 0; i < 50; i++ )); do
		[ "$(living "$1")" -gt 0 ] || return 0
		sleep 0.02
	done
	return 1
}
living() {
	local dir n=0
	for dir in /proc/[0-9]*; do
		[ "$(readlink "$dir/exe" 2>/dev/null)" -ef "$1" ] 2>/dev/null || continue
		[[ $(cat "$dir/stat" 2>/dev/null) = *") Z "* ]] || n=$(( n + 1 ))
	done
	echo "$n"
}

variants=("$@")
[ $# != 0 ] || built explore dev asan tsan
for v in "${variants[@]}"; do builds+=("out/$v/planted" "out/$v/test/stress"); done
mkdir -p out/lock
flock out/lock/build ninja --quiet "${builds[@]}" || exit 1

cat >"$tmp/fork.prog" <<-PROGRAM
	program 1
	machine spaces=2
	task 0 @cpu0 {
		map m0 0
		fork m0 m1 0
	}
PROGRAM
sed 's/^\(task 0.*\)/\1\n	map m0 4\n	read m0 4/' "$tmp/fork.prog" >"$tmp/more.prog"

for v in "${variants[@]}"; do
	bin=$tmp/$v
	mkdir "$bin"
	# copies: whose processes they are is plain
	cp "out/$v/test/"{explore,replay,shrink,stress} "$bin"
	export PLANTED=loop
	expect 1 '^FAILS .*: HANG fuzz/test/planted.c:[0-9:]* in planted_loop; pass was expected' \
		"$v: replay tells a loop, with its place" "$bin/replay" --hang-after 0.5 "$tmp/fork.prog"
	check "$v: with its stack" "it has none" \
		grep -q '^    #[0-9]* task_main fuzz/run/exec.c:[0-9]*' "$tmp/out"
	expect 1 '^FOUND  HANG  fuzz/test/planted.c:[0-9:]* in planted_loop' "$v: explore finds it" \
		"$bin/explore" --hang-after 0.5 --schedules 10000 --out "$tmp/found.$v"
	found=$(find "$tmp/found.$v" -name 'HANG-*.prog')
	check "$v: the finding says what is expected" "it does not" grep -qx 'expect HANG' "$found"
	expect 0 '^ok .*: HANG as expected' "$v: replay shows it again" "$bin/replay" --hang-after 0.5 "$found"
	expect 0 '^shrink: ' "$v: shrink makes it smaller" "$bin/shrink" --quiet --hang-after 0.2 \
		--max-seconds 20 "$tmp/more.prog" -o "$tmp/small.prog"
	check "$v: to what hangs" "it does not" grep -q 'fork' "$tmp/small.prog"

	PLANTED=deaf expect 1 '^FOUND  HANG  ?' "$v: a loop that no signal gets into is told" \
		"$bin/explore" --hang-after 0.5 --schedules 10000 --out "$tmp/deaf.$v"
	found=$(find "$tmp/deaf.$v" -name 'HANG-*.prog')
	check "$v: with its program" "it has none" grep -qs '	fork ' "$found"
	PLANTED=deaf expect 0 '^ok .*: HANG as expected' "$v: which hangs again" \
		"$bin/replay" --hang-after 0.5 "$found"
	PLANTED=crash expect 1 '^FAILS .*: CRASH fuzz/test/planted.c:[0-9:]* in planted_crash;' \
		"$v: a crash has its place" "$bin/replay" "$tmp/fork.prog"
	PLANTED=slow expect 0 '^ok ' "$v: what is slow does not hang" \
		"$bin/replay" --hang-after 1.5 "$tmp/fork.prog"
	PLANTED=killed expect 2 '^explore: INCOMPLETE: no failure .* were killed' \
		"$v: a child that is killed is no failure, and no pass" \
		"$bin/explore" --schedules 300 --out "$tmp/killed.$v"

	# A loop is no reason not to end. What is being looked at is not yet a finding.
	for sig in INT TERM HUP; do
		"$bin/explore" --jobs 2 --hang-after 60 --out "$tmp/sig.$v" >"$tmp/out" 2>&1 &
		pid=$!
		heeds "$pid" "$sig"
		sleep 1
		from=$(date +%s%N)
		kill -"$sig" "$pid"
		code=0; wait "$pid" || code=$?
		took=$(( ($(date +%s%N) - from) / 1000000 ))
		check "$v: SIG$sig ends it with a verdict" "exit status $code" \
			[ "$code" = 2 -a -n "$(grep "^explore: INCOMPLETE: .*SIG$sig" "$tmp/out")" ]
		check "$v: and leaves no process behind" "$(living "$bin/explore") are" left "$bin/explore"
		echo "# after $took ms"
	done
	"$bin/explore" --jobs 2 --hang-after 60 --out "$tmp/sig.$v" >"$tmp/out" 2>&1 &
	pid=$!
	sleep 1
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	check "$v: nor does SIGKILL of explore" "$(living "$bin/explore") are" left "$bin/explore"
	"$bin/replay" --hang-after 60 "$tmp/fork.prog" >"$tmp/out" 2>&1 &
	pid=$!
	heeds "$pid" TERM
	sleep 0.5
	kill -TERM "$pid"
	code=0; wait "$pid" || code=$?
	check "$v: SIGTERM ends replay" "exit status $code" \
		[ "$code" = 2 -a -n "$(grep '^replay: INCOMPLETE: .*SIGTERM' "$tmp/out")" ]
	check "$v: which leaves no process behind" "$(living "$bin/replay") are" left "$bin/replay"
	"$bin/shrink" --jobs 2 --hang-after 2 "$tmp/more.prog" -o "$tmp/small.prog" >"$tmp/out" 2>&1 &
	pid=$!
	heeds "$pid" TERM
	sleep 1
	kill -TERM "$pid"
	code=0; wait "$pid" || code=$?
	check "$v: SIGTERM ends shrink" "exit status $code" \
		[ "$code" = 2 -a -n "$(grep '^shrink: INCOMPLETE: SIGTERM' "$tmp/out")" ]
	check "$v: which leaves no process behind, either" "$(living "$bin/shrink") are" left "$bin/shrink"

	[ "$v" = dev ] || PLANTED=freed expect 1 '^FAIL  UAF  stress/test/planted.c:' \
		"$v: stress ends after a report with the sanitizer's lock held" \
		"$bin/stress" --workload kbuild --seconds 60 --program "$tmp/freed.$v"
	[ "$v" = dev ] || check "$v: with its program" "it has none" grep -qx 'expect UAF' "$tmp/freed.$v"
	expect 1 '^FAIL  HANG  stress/test/planted.c:[0-9:]* in planted_loop' "$v: stress tells a loop" \
		"$bin/stress" --workload kbuild --seconds 60 --watchdog 2
	check "$v: with its stack" "it has none" \
		grep -q '^    #[0-9]* step stress/worker.c:[0-9]*' "$tmp/out"
	: >"$tmp/out"	# the loop of the run before is not the one that is waited for
	"$bin/stress" --workload kbuild --seconds 60 --watchdog 100 --report "$tmp/r.json" >"$tmp/out" 2>&1 &
	pid=$!
	for (( try = 0; try < 3000; try++ )); do
		! grep -q '^planted: loops' "$tmp/out" || break
		sleep 0.02
	done
	kill -TERM "$pid"
	code=0; wait "$pid" || code=$?
	check "$v: SIGTERM ends stress, whose workers loop" "exit status $code" \
		[ "$code" = 2 -a -n "$(grep '^stress: INCOMPLETE: SIGTERM.* did not come to its end' "$tmp/out")" ]
	check "$v: with a report" "it has none" grep -q '"verdict": "INCOMPLETE"' "$tmp/r.json"
	check "$v: which leaves no process behind" "$(living "$bin/stress") are" left "$bin/stress"
done

finish
