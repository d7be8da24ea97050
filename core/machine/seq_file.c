// SPDX-License-Identifier: GPL-2.0-only
/* The text of files in /proc. */
#include <stdarg.h>
#include <stdio.h>
#include <kernel/seq_file.h>

static void append(struct seq_file *m, const char *fmt, va_list args)
{
	int n = vsnprintf(m->buf + m->count, m->size - m->count, fmt, args);

	m->count = min(m->count + n, m->size - 1);
}

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	append(m, fmt, args);
	va_end(args);
}

void seq_puts(struct seq_file *m, const char *s)
{
	seq_printf(m, "%s", s);
}
