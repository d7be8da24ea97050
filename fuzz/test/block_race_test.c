// SPDX-License-Identifier: GPL-2.0-only
/* What the block says of the locks of a data race, from ThreadSanitizer's report. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <fuzz/explain/block_internal.h>

static const char accesses[] =
	"==================\n"
	"WARNING: ThreadSanitizer: data race (pid=1492)\n"
	"  Write of size 8 at 0x722400000058 by thread T4 (mutexes: write M0, read M1):\n"
	"    #0 __list_add ./include/list.h:12:2\n"
	"    #1 move_cluster mm/swapfile.c:590:3 (replay+0x6f71b)\n"
	"\n"
	"  Previous atomic read of size 2 at 0x722400000058 by thread T5 (mutexes: write M2):\n"
	"    #0 isolate_lock_cluster mm/swapfile.c:620:12\n"
	"\n"
	"  Mutex M0 (0x722000000040) created at:\n"
	"    #0 __tsan_mutex_post_lock <null> (replay+0xc743e)\n"
	"\n"
	"  Mutex M1 (0x723c00000048) created at:\n"
	"  Mutex M2 (0x721400000180) created at:\n"
	"  Thread T4 'task 0' (tid=0, running) created by main thread at:\n"
	"  Thread T5 'task 1' (tid=0, running) created by main thread at:\n"
	"\nFAIL  RACE  x\n";

static const char unlocked[] =
	"WARNING: ThreadSanitizer: data race (pid=1)\n"
	"  Read of size 4 at 0x7224 by main thread:\n"
	"    #0 f mm/a.c:1:2\n"
	"\n"
	"  Previous write of size 4 at 0x7224 by thread T9 (mutexes: write M7):\n"
	"\n";

static struct timeline *tl;

static void says(const char *report, const char *expected)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	block_race(out, report, tl);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void locks_have_names(void **state)
{
	tl->nr_locks = 3;
	tl->locks[0] = (struct timeline_lock){ 0x722000000040, lock_class_cluster, object(OBJECT_CLUSTER, 0, 1) };
	tl->locks[1] = (struct timeline_lock){ 0x723c00000048, lock_class_mmap_lock, object(OBJECT_SPACE, 2, 2) };
	tl->locks[2] = (struct timeline_lock){ 0x721400000180, lock_class_swap_info, object(OBJECT_DEVICE, 0, 0) };
	says(accesses, "\nlocks\n"
	     "    no lock is held at both accesses:\n"
	     "    task 0: write in move_cluster; holds ci A/1, (shared) mmap_lock m2\n"
	     "    task 1, before: atomic read in isolate_lock_cluster; holds si A\n");
}

static void what_is_not_known(void **state)
{
	tl->nr_locks = 0;
	says(unlocked, "\nlocks\n"
	     "    no lock is held at both accesses:\n"
	     "    main: read in f; holds none\n"
	     "    thread T9, before: write; holds another lock\n");
}

static void no_race(void **state)
{
	says("", "");
	says("WARNING: ThreadSanitizer: heap-use-after-free (pid=1)\n  Write of size 8 at 0x1 by main thread:\n", "");
	says("WARNING: ThreadSanitizer: data race (pid=1)\n  Write of size 8 at 0x1 by main thread:\n", "");
}

static void a_diagram_knows_the_other_task(void **state)
{
	struct race race = race_find(accesses);

	assert_true(race.valid);
	assert_int_equal(race.task, SIM_TASK_USER + 1);
	assert_string_equal(race.how[0], "write");
	assert_string_equal(race.function[0], "move_cluster");
	assert_string_equal(race.how[1], "atomic read");
	assert_string_equal(race.function[1], "isolate_lock_cluster");
	assert_false(race_find(unlocked).valid);
	assert_false(race_find("").valid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(locks_have_names),
		cmocka_unit_test(what_is_not_known),
		cmocka_unit_test(no_race),
		cmocka_unit_test(a_diagram_knows_the_other_task),
	};

	tl = timeline_create();
	return cmocka_run_group_tests_name("block_race", tests, NULL, NULL);
}
