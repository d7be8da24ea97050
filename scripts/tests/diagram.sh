#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The failure block as explore and replay print it, and the diagram in it: found blind, the command
# it ends with fails in the same way; every variant draws the same; what replay says to bad options.
# TAP; exit 1 if a test failed. usage: scripts/tests/diagram.sh
cd "$(dirname "$0")/../.."
. scripts/lib/tap.sh


# found VARIANT MUTANT CHECK...: explore finds it without being told more than the mutant, its block
# is on the terminal and in a file, and the command in it fails in the same way.
found() {
	local v=$1 mutant=$2 name="$1: $2 is found, told, and shown again" got=0 check repro
	shift 2
	if [ ! -x "out/$v/explore" ]; then
		ok "$name # SKIP not built"
		return
	fi
	"out/$v/explore" --mutant "$mutant" --seed 1.. --seconds 60 --out "$tmp/$v-$mutant" \
		>"$tmp/out" 2>&1 || got=$?
	check=$(sed -n 's/^FAIL  \([A-Z0-9-]*\) .*/\1/p' "$tmp/out" | head -n 1)
	repro=$(sed -n 's/^repro //p' "$tmp/out" | head -n 1)
	sed -n '/^FAIL /,/^repro /p' "$tmp/out" >"$tmp/block"
	if [ "$got" != 1 ]; then
		not_ok "$name" "exit status $got, not 1"; show "$tmp/out"
	elif [[ " $* " != *" $check "* ]]; then
		not_ok "$name" "check '$check', not one of $*"; show "$tmp/out"
	elif ! grep -q "<-- FAIL $check\$" "$tmp/block"; then
		not_ok "$name" "no row is marked as the failing one"; show "$tmp/block"
	elif ! cmp -s "$tmp/block" "$tmp/$v-$mutant"/*.txt; then
		not_ok "$name" "the file has another block"; show "$tmp/block"
	elif [ -z "$repro" ] || ! $repro >"$tmp/again" 2>&1; then
		not_ok "$name" "'$repro' does not show it again"; show "$tmp/again"
	elif ! grep -q "^ok .*: $check as expected\$" "$tmp/again"; then
		not_ok "$name" "'$repro' fails in another way"; show "$tmp/again"
	elif sed -n '/^interleaving/,/^$/p' "$tmp/block" | LC_ALL=C grep -q '[^ -~]\|.\{101\}'; then
		not_ok "$name" "the diagram is wider than 100 columns, or not ASCII"; show "$tmp/block"
	else
		ok "$name"
	fi
}

found dev seed-v1-a INV-C8
found dev seed-v1-b INV-C8
found dev add-no-table CRASH
found asan add-no-table CRASH
found asan no-grace-period UAF
found tsan no-grace-period RACE UAF

name="dev: a crash has its function, file and line, and its stack in the block"
if [ ! -x out/dev/explore ]; then
	ok "$name # SKIP not built"
elif grep -q '^FAIL  CRASH  core/.*:[0-9]* in [a-z_]*$' "$tmp"/dev-add-no-table/*.txt &&
     grep -q '^    #[0-9]* [a-z_]* core/swap/[a-z_]*\.[ch]:[0-9]*$' "$tmp"/dev-add-no-table/*.txt; then
	ok "$name"
else
	not_ok "$name" "it has not"; cat "$tmp"/dev-add-no-table/*.txt >"$tmp/out"; show "$tmp/out"
fi

# A sanitizer's report is in its block, and means something on another machine, too.
for v in asan tsan; do
	name="$v: the sanitizer's report is in the block, without this machine's paths"
	block=("$tmp/$v-no-grace-period"/*.txt)
	if [ ! -f "${block[0]}" ]; then
		ok "$name # SKIP not built"
	elif sed -n '/^sanitizer/,/^repro/p' "${block[0]}" >"$tmp/part"; grep -v '^repro' "$tmp/part" >"$tmp/own"
	     grep -q '#[0-9]* .*swap_table_get core/swap/swap_table.h:[0-9:]*$' "$tmp/own" &&
	     ! grep -q "BuildId\|$PWD" "$tmp/own"; then
		ok "$name"
	else
		not_ok "$name" "it is not"; show "${block[0]}"
	fi
done

# What only a sanitizer sees is skipped elsewhere, with a message; what dev sees, too, is not.
files=("$tmp/asan-no-grace-period"/*.prog)
name="dev: what asan sees is skipped, unless dev sees it"
mkdir "$tmp/elsewhere"
sed 's/^expect .*/expect OOB/' "${files[0]}" >"$tmp/elsewhere/oob.prog"
if [ ! -f "${files[0]}" ]; then
	ok "$name # SKIP not built"
elif out/dev/replay "$tmp/elsewhere/oob.prog" "${files[0]}" >"$tmp/out" 2>&1 &&
     grep -q '^skip .*: OOB is seen in asan$' "$tmp/out" && grep -q '^ok .*: UAF as expected$' "$tmp/out"; then
	ok "$name"
else
	not_ok "$name" "it is not"; show "$tmp/out"
fi

# The same picture in every variant.
cp "$tmp"/dev-*/*.prog "$tmp" 2>/dev/null
for v in dev asan tsan; do
	[ -x "out/$v/replay" ] || continue
	for file in "$tmp"/*.prog corpus/litmus/table-sleep-*.prog; do
		"out/$v/replay" --diagram "$file"
		"out/$v/replay" --diagram --full "$file"
	done >"$tmp/drawn.$v" 2>&1
done
for v in asan tsan; do
	name="$v draws what dev draws"
	if [ ! -x "out/$v/replay" ]; then
		ok "$name # SKIP not built"
	elif [ -s "$tmp/drawn.dev" ] && diff "$tmp/drawn.dev" "$tmp/drawn.$v" >"$tmp/bad"; then
		ok "$name"
	else
		not_ok "$name" "it does not"; show "$tmp/bad"
	fi
done

# --- options ------------------------------------------------------------------------------

file=corpus/litmus/table-sleep-migration.prog
name="--diagram draws a program that passes"
if out/dev/replay --diagram "$file" >"$tmp/out" 2>&1 && grep -q '^    CPU 0 (task 0)' "$tmp/out" &&
   grep -q 'wakes up on CPU' "$tmp/out" && ! grep -q FAIL "$tmp/out"; then
	ok "$name"
else
	not_ok "$name" "it does not"; show "$tmp/out"
fi
name="a failure that was not expected is told, with the mutants in its command"
got=0
out/dev/replay --mutant seed-v1-a "$file" >"$tmp/out" 2>&1 || got=$?
repro=$(sed -n 's/^repro //p' "$tmp/out")
$repro >"$tmp/again" 2>&1 && got=0
if [ "$got" = 1 ] && [ "$repro" = "out/dev/replay --mutant seed-v1-a $file" ] &&
   grep -q '^FAILS .*INV-C8' "$tmp/again"; then
	ok "$name"
else
	not_ok "$name" "exit status $got"; show "$tmp/out"
fi
name="--svg draws to a file"
if out/dev/replay --svg "$tmp/x.svg" "$file" >"$tmp/out" 2>&1 && grep -q '^<svg ' "$tmp/x.svg" &&
   [ "$(tail -n 1 "$tmp/x.svg")" = "</svg>" ] && grep -Eq '<title>task 0 on CPU [0-9]+, op[0-9]+: ' "$tmp/x.svg" &&
   ! grep -Eq '(op[0-9]+: )\1' "$tmp/x.svg"; then
	ok "$name"
else
	not_ok "$name" "it does not"; show "$tmp/out"
fi

# part NAME: the lines of that part of the README's block
part() { sed -n "/^    $1\$/,/^\$/p" README.md | sed '1d; $d; s/^        //'; }
name="the README's example is what replay says of it"
part program >"$tmp/lost.prog"
part interleaving >"$tmp/drawn"
got=0
out/dev/replay --report "$tmp/lost.prog" >"$tmp/out" 2>&1 || got=$?
sed -n '/^interleaving/,/^$/p' "$tmp/out" | sed '1d; $d; s/^    //' >"$tmp/own"
if [ "$got" = 0 ] && [ -s "$tmp/own" ] && diff "$tmp/drawn" "$tmp/own" >"$tmp/bad"; then
	ok "$name"
else
	not_ok "$name" "it is not"; show "$tmp/out"; show "$tmp/bad"
fi

# expect STATUS PATTERN NAME ARG...
expect() {
	local want=$1 pattern=$2 name=$3 got=0
	shift 3
	out/dev/replay "$@" >"$tmp/out" 2>&1 || got=$?
	if [ "$got" = "$want" ] && grep -qe "$pattern" "$tmp/out"; then
		ok "$name"
	else
		not_ok "$name" "exit status $got, not $want, or no '$pattern'"; show "$tmp/out"
	fi
}
expect 2 '--full requires --diagram or --svg' "--full alone" --full "$file"
expect 2 '--svg takes one file, found 2' "--svg of two files" --svg "$tmp/y.svg" "$file" "$file"
expect 2 "none/x.svg': No such file" "a picture that cannot be written" --svg "$tmp/none/x.svg" "$file"
expect 2 "/dev/full': is a device" "a picture on a device" --svg /dev/full "$file"

finish
