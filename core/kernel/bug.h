/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's assertions. A BUG ends the run; so does a WARN, unless --warn=go was given.
 */
#ifndef _KERNEL_BUG_H
#define _KERNEL_BUG_H

#include <kernel/types.h>

/*
 * Objects in the values of a failed check, as parts of its format: they are known as what they are,
 * whatever the words around them (machine/failure.h), and reports give them the program's names.
 */
#define OBJ_MARK "\1"
#define OBJ_END "\2"
#define OBJ_DEVICE OBJ_MARK "D%u" OBJ_END		/* type */
#define OBJ_CLUSTER OBJ_MARK "C%u/%u" OBJ_END		/* its device's type, index */
#define OBJ_SLOT OBJ_MARK "S%u/%lu" OBJ_END		/* its device's type, offset */
#define OBJ_FOLIO OBJ_MARK "F%lu" OBJ_END		/* page frame number */
#define OBJ_PAGE OBJ_MARK "P%u/%lu" OBJ_END		/* its mm's id, page */
#define OBJ_TASK OBJ_MARK "T%u" OBJ_END			/* its id */
#define OBJ_HINT OBJ_MARK "H%u/%u" OBJ_END		/* CPU, order */

/**
 * harness_fail - report a failed check and end the run
 * @check: the check's id, e.g. "INV-C1", "WARN", "LOCK-ORDER"; see check/checks.def
 * @site: where in the code ("file:line"), see CODE_SITE
 * @fmt: the values that disagree, one line; objects as OBJ_DEVICE, ...
 *
 * First failure wins. Fills the record (machine/failure.h), prints a report, and exits with 1.
 * Context: any, with any locks held.
 */
void harness_fail(const char *check, const char *site, const char *fmt, ...)
	__printf(3, 4) __noreturn;

/**
 * harness_warn - a WARN of the code under test
 * @site: where, see CODE_SITE
 * @func: the function
 * @text: the condition as written
 *
 * Ends the run as a failure, or with --warn=go keeps it for the report of what follows.
 * Context: any. Return: true.
 */
bool harness_warn(const char *site, const char *func, const char *text);

/* Functions: an assertion in the code under test is no branch of it, for coverage. */
static inline __attribute__((always_inline)) bool __warn_on(bool cond, const char *site,
							    const char *func, const char *text)
{
	return unlikely(cond) && harness_warn(site, func, text);
}

static inline __attribute__((always_inline)) void __bug_on(bool cond, const char *site,
							   const char *func, const char *text)
{
	if (unlikely(cond))
		harness_fail("BUG", site, "%s: BUG_ON(%s)", func, text);
}

/* The text is taken where the condition is written, before its macros are expanded. */
#define __WARN_ON(cond, text) __warn_on(!!(cond), CODE_SITE, __func__, text)
#define WARN_ON(cond) __WARN_ON(cond, #cond)
#define WARN_ON_ONCE(cond) __WARN_ON(cond, #cond)
#define VM_WARN_ON(cond) __WARN_ON(cond, #cond)
#define VM_WARN_ON_ONCE(cond) __WARN_ON(cond, #cond)
#define VM_WARN_ON_ONCE_FOLIO(cond, folio) __WARN_ON(cond, #cond)
#define VM_WARN_ON_FOLIO(cond, folio) __WARN_ON(cond, #cond)

#define __BUG_ON(cond, text) __bug_on(!!(cond), CODE_SITE, __func__, text)
#define BUG_ON(cond) __BUG_ON(cond, #cond)
#define VM_BUG_ON(cond) __BUG_ON(cond, #cond)
#define VM_BUG_ON_FOLIO(cond, folio) __BUG_ON(cond, #cond)

#endif /* _KERNEL_BUG_H */
