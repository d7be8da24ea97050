// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whole programs: operations, planned failures and schedule in one input, the whole core on the
 * controlled machine, every check. Recorded choices are taken where they are reached; what they
 * say nothing about goes the default's way.
 *
 * The input is a program's text (fuzz/README.md). What takes long, as a swapoff that waits for an
 * image, is rejected after it has run: many short ones find more. Not covered: schedules of more
 * choices than fit into -max_len, and everything that the mm model leaves out (README.md).
 */
#include "target.h"

const struct program_target program_target = { 0 };
const struct fuzz_target fuzz_target = { .name = "fuzz_program", .run = fuzz_program_text };
