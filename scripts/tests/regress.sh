#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Each known bug has a program in corpus/regress: with its mutant it fails as expected in every
# variant that can see it, and is found near its schedule; without, nothing is.
# TAP; exit 1 if a test failed. usage: scripts/tests/regress.sh [VARIANT]...
cd "$(dirname "$0")/../.."
. scripts/lib/tap.sh
regress=corpus/regress


variants=("$@")
[ $# != 0 ] || built replay dev asan tsan
mapfile -t files < <(find "$regress" -name '*.prog' | sort)
mutant_of() { sed -n 's/^expect .* with mutant //p' "$1"; }

# --- they are what they should be -----------------------------------------------------------

bad=()
for f in "${files[@]}"; do
	[ "$(basename "$f" .prog)" = "$(mutant_of "$f")" ] || bad+=("$f")
	[ "$(sed -n '3,4p' "$f" | grep -c '^# ')" = 2 ] || bad+=("$f")
done
if [ ${#bad[@]} = 0 ]; then
	ok "each is named after its mutant and says what happens"
else
	not_ok "each is named after its mutant and says what happens" "${bad[*]}"
fi
# not wrong by itself
missing=()
while read -r m; do
	[ "$m" = seed-v1-slab ] || [ -f "$regress/$m.prog" ] || missing+=("$m")
done < <(sed -n 's/^MUTANT([A-Z0-9_]*, "\([^"]*\)".*/\1/p' core/kernel/mutants.def)
if [ ${#missing[@]} = 0 ]; then
	ok "each mutant has a program"
else
	not_ok "each mutant has a program" "${missing[*]}"
fi

# --- replay ---------------------------------------------------------------------------------

for v in "${variants[@]}"; do
	code=0
	"out/$v/replay" --times 3 "${files[@]}" >"$tmp/out" 2>&1 || code=$?
	if [ "$code" = 0 ] && [ "$(grep -c -e '^ok ' -e '^skip ' "$tmp/out")" = ${#files[@]} ]; then
		ok "$v: each fails as expected"
	else
		not_ok "$v: each fails as expected" "exit status $code"
		grep -a -e '^FAILS' -e '^PASSES' -e '^STALE' -e '^DIFFERS' "$tmp/out" >"$tmp/bad"
		show "$tmp/bad"
	fi
done
for f in "${files[@]}"; do
	seen=0
	for v in "${variants[@]}"; do
		"out/$v/replay" "$f" >"$tmp/out" 2>&1
		grep -aq '^ok ' "$tmp/out" && seen=1
	done
	[ "$seen" = 1 ] || not_ok "$f is seen in a variant" "in none of ${variants[*]}"
done

# --- near -----------------------------------------------------------------------------------

v=${variants[0]}
lost=()
for f in "${files[@]}"; do
	grep -q '^skip ' <("out/$v/replay" "$f" 2>&1) && continue
	"out/$v/explore" --near --schedules 300 --mutant "$(mutant_of "$f")" --quiet --out "$tmp/found" \
		"$f" >"$tmp/out" 2>&1
	[ $? = 1 ] || lost+=("$f")
done
if [ ${#lost[@]} = 0 ]; then
	ok "$v: with its mutant each is found near its schedule"
else
	not_ok "$v: with its mutant each is found near its schedule" "${lost[*]}"
fi
code=0
"out/$v/explore" --near --per-program 500 --schedules $(( 500 * ${#files[@]} )) --quiet \
	--out "$tmp/none" "${files[@]}" >"$tmp/out" 2>&1 || code=$?
if [ "$code" = 0 ]; then
	ok "$v: without, nothing is"
else
	not_ok "$v: without, nothing is" "exit status $code"; show "$tmp/out"
fi

finish
