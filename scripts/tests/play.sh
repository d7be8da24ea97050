#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every program of the corpus runs on pthreads, too; a bug is found there; bad input is refused.
# TAP; exit 1 if a test failed.
cd "$(dirname "$0")/../.."
. scripts/lib/tap.sh

mapfile -t files < <(find corpus -name '*.prog' | sort)
for v in dev asan tsan; do
	expect 0 . "$v: all of the corpus plays" "out/$v/play" "${files[@]}"
done
expect 0 . "noise and another seed" out/dev/play --noise 80 --seed 9 --times 2 corpus/litmus/swapoff-vs-alloc.prog
expect 1 . "a bug that one task shows" out/dev/play --mutant hib-double-dec corpus/litmus/hibernation-vs-alloc.prog
check "its check is named" "no INV-G1" grep -q '^FAIL  INV-G1' "$tmp/out"
printf 'program 1\nmachine cpus=0\n' >"$tmp/bad.prog"
expect 2 . "a program that is none" out/dev/play "$tmp/bad.prog"
check "the place is named" "it is not" grep -q 'bad.prog:2:' "$tmp/out"
expect 2 . "no such file" out/dev/play "$tmp/nothing.prog"
expect 2 . "no file" out/dev/play
expect 2 . "an unknown mutant" out/dev/play --mutant nothing corpus/litmus/swapoff-vs-alloc.prog

finish
