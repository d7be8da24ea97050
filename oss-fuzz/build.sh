#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Builds the libFuzzer targets as OSS-Fuzz and ClusterFuzzLite want them: with the compiler and the
# flags of their base-builder image, which are in the environment, to $OUT, each with its seeds,
# dictionary and options. ASan and UBSan, engine libFuzzer (others have no custom mutators).
#
#   CC, CFLAGS, LIB_FUZZING_ENGINE	as the image sets them
#   OUT				where to
set -euo pipefail
[ -f build.ninja ] || cd "$(dirname "$0")/.."	# their copy of this file is run in the source's directory
: "${CC:?}" "${CFLAGS=}" "${LIB_FUZZING_ENGINE:?}" "${OUT:?}"
case " $CFLAGS " in
*-fsanitize=*thread*|*-fsanitize=*memory*) echo "build.sh: address and undefined only: $CFLAGS" >&2; exit 2 ;;
esac

dir=out/oss-fuzz
mkdir -p "$dir" out/lock "$OUT"
for_ninja() { printf '%s' "${1//$/\$\$}"; }
# What runs inside of the scheduler must not be instrumented: rawflags. A compiler newer than those
# that were tried may have more warnings.
cat >"$dir/build.ninja" <<-NINJA
	ninja_required_version = 1.10
	builddir = $dir
	cc = $(for_ninja "$CC")
	ar = ar
	include scripts/ninja/flags/all.ninja
	cflags = \$cflags -Wno-error
	ldlibs = -lpthread -lm -rdynamic
	include scripts/ninja/rules.ninja
	v = oss-fuzz
	o = $dir
	fuzzflags = $(for_ninja "$CFLAGS") -fno-sanitize=null,pointer-overflow -fno-sanitize-recover=all
	vflags = \$fuzzflags -fno-sanitize-coverage=trace-cmp -fsanitize-coverage-ignorelist=scripts/ninja/fuzz-ignore.txt \$
	    -fsanitize-ignorelist=scripts/ninja/fuzz-ignore.txt
	rawflags = -O2
	engine = $(for_ninja "$LIB_FUZZING_ENGINE")
	include scripts/ninja/graph-fuzz.ninja
NINJA
flock out/lock/build ninja -f "$dir/build.ninja" "$dir"/{fuzz_program,fuzz_model,fuzz_parse}

for target in fuzz_program fuzz_model fuzz_parse; do
	cp "$dir/$target" "$OUT/"
	cp fuzz/program/program.dict "$OUT/$target.dict"
	cp oss-fuzz/target.options "$OUT/$target.options"
	rm -f "$OUT/${target}_seed_corpus.zip"
	python3 -m zipfile -c "$OUT/${target}_seed_corpus.zip" corpus/seeds/*.prog corpus/litmus/*.prog
done
