#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The work of scripts/coverage (scripts/lib/coverage.py starts it): replays programs in variant cov,
# and counts. usage: scripts/lib/coverage.sh LIST-OF-FILES
# What came of it is in out/coverage/result, "failed|less|reached"; without it, it was not done.
set -euo pipefail

# the tools that the compiler comes with, whatever it is called
read -ra cc < <(sed -n 's/^cc = //p' out/toolchain.ninja)
profdata=$("${cc[@]}" -print-prog-name=llvm-profdata)
cov=$("${cc[@]}" -print-prog-name=llvm-cov)
for tool in "$profdata" "$cov"; do
	command -v "$tool" >/dev/null || { echo "coverage: no $tool" >&2; exit 2; }
done
out=out/coverage
rm -rf "$out"
mkdir -p "$out"
mapfile -d '' files <"$1"

failed=0
printf '%s\0' "${files[@]}" | LLVM_PROFILE_FILE="$out/%4m.profraw" \
	xargs -0 -n 500 out/cov/replay --skip-mutants --times 2 >"$out/replay.log" 2>&1 || failed=$?
# xargs: 123 if one of them ended with 1 to 125; other trouble is none of a program
[ "$failed" = 0 ] || [ "$failed" = 123 ] || { tail -n 5 "$out/replay.log" >&2; exit 2; }
[ "$failed" = 0 ] || failed=1
if [ "$failed" = 1 ]; then
	awk '!/^(ok|skip|replay:) / && ++n <= 20' "$out/replay.log"
	echo "coverage: not every program does what it expects: $out/replay.log" >&2
fi
"$profdata" merge -sparse "$out"/*.profraw -o "$out/profile"
args=(out/cov/replay -instr-profile="$out/profile")
"$cov" show "${args[@]}" -format=html -show-branches=count -output-dir="$out/html" core/swap core/mm
"$cov" export "${args[@]}" -format=lcov core/swap | sed "s|^SF:$PWD/|SF:|" >"$out/lcov"
# FILE:LINE:ARMS:TAKEN of every line with branches. An inline of a header has as many copies as
# callers, which only the columns in the JSON show to be one.
"$cov" export "${args[@]}" -format=text -skip-functions core/swap | awk -v prefix="$PWD/" '
	BEGIN { RS = "[{]\"branches\":" }
	function take(list, line, column,	n, i, b, key) {
		n = split(list, region, /\],\[/)
		for (i = 1; i <= n; i++) {
			split(region[i], b, ",")
			# of no width: the compiler knows the answer
			if (b[1] == b[3] && b[2] == b[4]) continue
			key = line ? line SUBSEP column SUBSEP b[1] SUBSEP b[2] : b[1] SUBSEP b[2] SUBSEP SUBSEP
			if (!(key in yes)) keys[++nr_keys] = key
			yes[key] += b[5]
			no[key] += b[6]
		}
	}
	/^\[/ {
		line = column = 0
		if (match($0, /"source_region":\[[0-9]+,[0-9]+/)) {
			split(substr($0, RSTART + 17, RLENGTH - 17), at, ",")
			line = at[1]; column = at[2]
		}
		if (/^\[\[/) take(substr($0, 3, index($0, "]]") - 3), line, column)
	}
	match($0, /"filename":"[^"]*"/) {
		file = substr($0, RSTART + 12, RLENGTH - 13)
		if (index(file, prefix) == 1) file = substr(file, length(prefix) + 1)
		split("", arms); split("", taken)
		for (i = 1; i <= nr_keys; i++) {
			split(keys[i], k, SUBSEP)
			arms[k[1]] += 2
			taken[k[1]] += (yes[keys[i]] > 0) + (no[keys[i]] > 0)
		}
		for (line in arms) print file ":" line ":" arms[line] ":" taken[line]
		nr_keys = 0; split("", yes); split("", no)
	}' | sort -t: -k1,1 -k2,2n >"$out/branches"

# Input: the list of what is unreachable, the sources, the counts. Goals in percent.
code=0
# shellcheck disable=SC2046
awk -v lines_goal=95 -v branches_goal=90 -v list=scripts/coverage-unreachable -v lcov="$out/lcov" \
	-v branch_list="$out/branches" '
	function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }
	function indent(s) { match(s, /^\t*/); return RLENGTH }
	function say(file, line, what) { print file ":" line ": " what | "sort -t: -k1,1 -k2,2n" }

	FILENAME == list {
		if (/^#/ || /^[ \t]*$/) next
		gsub(/\\\|/, SUBSEP)
		if (split($0, part, "|") != 4) { say(list, FNR, "FILE | FUNCTION | LINE | REASON is expected"); wrong = 1; next }
		nr_entries++
		gsub(SUBSEP, "|", part[3])
		part[3] = trim(part[3])
		key = trim(part[1]) SUBSEP trim(part[2])
		entry[key, trim(part[3])] = FNR
		if (sub(/\.\.\.$/, "", part[3])) { begins[key, ++nr_begins[key]] = trim(part[3]); begins_at[key, nr_begins[key]] = FNR }
		next
	}
	FILENAME == lcov {
		if (/^SF:/) { file = substr($0, 4); next }
		split(substr($0, index($0, ":") + 1), n, ",")
		if (/^DA:/) {
			lines++
			if (n[2] > 0) lines_hit++
			else if (dead[file, n[1]]) lines_dead++
			else { missing[++nr_missing] = file SUBSEP n[1] SUBSEP "" }
			if (!n[2] && dead[file, n[1]] > 1) used[dead[file, n[1]]] = 1
		}
		next
	}
	FILENAME == branch_list {
		split($0, n, ":")
		branches += n[3]
		branches_hit += n[4]
		if (n[3] == n[4]) next
		why = quiet[n[1], n[2]]
		if (why) { branches_dead += n[3] - n[4]; if (why > 1) used[why] = 1; next }
		untaken[n[1], n[2]] = n[3] - n[4]
		missing[++nr_missing] = n[1] SUBSEP n[2] SUBSEP "branch"
		next
	}
	FNR == 1 { fn = ""; body = ""; why = 0 }
	# dead: the line is not reached; quiet: its branches are not all taken. Values: the number of
	# the entry in the list plus 1, or 1 if the text says it by itself
	{
		text[FILENAME, FNR] = $0
		if (/^[a-z].*\(/ && !/;$/) { fn = $0; sub(/\(.*/, "", fn); sub(/.*[ *]/, "", fn) }
		here = (FILENAME SUBSEP fn SUBSEP trim($0)) in entry ? entry[FILENAME, fn, trim($0)] + 1 : \
		       (FILENAME SUBSEP fn SUBSEP "*") in entry ? entry[FILENAME, fn, "*"] + 1 : 0
		for (i = 1; i <= nr_begins[FILENAME, fn]; i++)
			if (index(trim($0), begins[FILENAME, fn, i]) == 1) here = begins_at[FILENAME, fn, i] + 1
		ends = trim($0) != "" && body != "" && indent($0) <= body && !continued
		if (ends && trim($0) !~ /^}/) { body = ""; ends = 0 }
		if (body != "") { dead[FILENAME, FNR] = quiet[FILENAME, FNR] = why }
		if (here) { dead[FILENAME, FNR] = quiet[FILENAME, FNR] = here }
		assertion = assertion || /(WARN_ON|BUG_ON|lockdep_assert_held|lockdep_is_held|might_sleep|rcu_dereference)[A-Za-z_]*\(/
		off = /if \((mutant\([A-Z0-9_]+\) \|\| )*mutant\([A-Z0-9_]+\)( &&|\))/ || /if \([^|]*&& mutant\(/
		if ((assertion || /mutant\(/) && !quiet[FILENAME, FNR]) quiet[FILENAME, FNR] = 1
		if (ends) body = ""
		if (body == "" && (here || off || /if \([A-Z_]*WARN_ON/)) { body = indent($0); why = here ? here : 1 }
		continued = !/[;{}]$/ && !/\)$/ && !/else$/ && trim($0) != "" && trim($0) !~ /^(\/?\*|\/\/|#)/
		if (!continued) assertion = 0
		next
	}
	END {
		if (wrong) exit 2
		for (i = 1; i <= nr_missing; i++) {
			split(missing[i], m, SUBSEP)
			if (m[3] == "") say(m[1], m[2], "not reached: " trim(text[m[1], m[2]]))
			else say(m[1], m[2], untaken[m[1], m[2]] " of its branches not taken: " trim(text[m[1], m[2]]))
		}
		for (e in entry)
			if (!used[entry[e] + 1]) { split(e, m, SUBSEP); say(list, entry[e], "reached, or not there: " m[1] " " m[2] "(): " m[3]) }
		close("sort -t: -k1,1 -k2,2n")
		printf "lines     %4d of %4d reached (%.1f %%); without %d unreachable by design: %.1f %%\n",
			lines_hit, lines, 100 * lines_hit / lines, lines_dead, l = 100 * lines_hit / (lines - lines_dead)
		printf "branches  %4d of %4d taken (%.1f %%); without %d unreachable by design: %.1f %%\n",
			branches_hit, branches, 100 * branches_hit / branches, branches_dead,
			b = 100 * branches_hit / (branches - branches_dead)
		exit !(l >= lines_goal && b >= branches_goal)
	}' scripts/coverage-unreachable $(sed -n 's/^SF://p' "$out/lcov") "$out/lcov" "$out/branches" || code=$?
[ "$code" -lt 2 ] || exit 2
if [ "$failed" = 1 ]; then echo failed; elif [ "$code" = 1 ]; then echo less; else echo reached; fi >"$out/result"
