#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every workload reaches the rare paths it is named for, with clusters of 8 slots, and with
# 512 slots where MODE is "full". TAP; exit 1 if a test failed.
# usage: scripts/tests/stress_smoke.sh [VARIANT [MODE]]
cd "$(dirname "$0")/../.."
. scripts/lib/tap.sh
variant=${1:-dev} mode=${2:-short}
stress=out/$variant/stress
log=$tmp/log
sizes=(8)
[ "$mode" = full ] && sizes=(8 512)
tables=(page slab)

mapfile -t workloads < <("$stress" --list | awk '{ print $1 }')
for w in "${workloads[@]}"; do
for slots in "${sizes[@]}"; do
	table=${tables[$(( nr % 2 ))]} nr=$(( nr + 1 )) got=0
	name="$variant: $w is covered (slots=$slots table=$table)"
	"$stress" --workload "$w" --slots "$slots" --table "$table" --until-covered \
		>"$log" 2>&1 || got=$?
	if [ "$got" = 0 ]; then
		echo "ok $nr - $name"
	else
		failed=1
		missing=$(grep '^rare path not reached' "$log" | paste -sd';')
		echo "not ok $nr - $name: ${missing:-exit status $got}"
		sed 's/^/# /' "$log"
	fi
done
done

finish
