#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every program of the corpus runs on pthreads, too; a bug is found there; bad input is refused.
# TAP; exit 1 if a test failed.
cd "$(dirname "$0")/../.."
. scripts/lib/tap.sh

check() {	# NAME expected-status command...
	local name=$1 want=$2 code=0
	shift 2
	"$@" >"$tmp/log" 2>&1 </dev/null || code=$?
	if [ "$code" = "$want" ]; then
		echo "ok - $name"
	else
		failed=1
		echo "not ok - $name: exit status $code, not $want"
		tail -n 30 "$tmp/log" | sed 's/^/# /'
	fi
}

mapfile -t files < <(find corpus -name '*.prog' | sort)
for v in dev asan tsan; do
	check "$v: all of the corpus plays" 0 "out/$v/play" "${files[@]}"
done
check "noise and another seed" 0 out/dev/play --noise 80 --seed 9 --times 2 corpus/litmus/swapoff-vs-alloc.prog
check "a bug that one task shows" 1 out/dev/play --mutant hib-double-dec corpus/litmus/hibernation-vs-alloc.prog
grep -q '^FAIL  INV-G1' "$tmp/log" || { failed=1; echo "not ok - its check is named: no INV-G1"; }
printf 'program 1\nmachine cpus=0\n' >"$tmp/bad.prog"
check "a program that is none" 2 out/dev/play "$tmp/bad.prog"
grep -q 'bad.prog:2:' "$tmp/log" || { failed=1; echo "not ok - the place is named"; }
check "no such file" 2 out/dev/play "$tmp/nothing.prog"
check "no file" 2 out/dev/play
check "an unknown mutant" 2 out/dev/play --mutant nothing corpus/litmus/swapoff-vs-alloc.prog

finish
