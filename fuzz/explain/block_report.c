// SPDX-License-Identifier: GPL-2.0-only
/* The parts of a failure block that come from the child's report. */
#include <stdlib.h>
#include <string.h>

#include <check/check.h>
#include "block_internal.h"

#define PARAGRAPH_WIDTH (DIAGRAM_WIDTH - 6)

char *report_values(const struct outcome *out)
{
	const char *line = strstr(out->report, "\nFAIL  "), *sentence = check_sentence(out->check);
	char *values;
	size_t len;

	if (!line)
		return NULL;
	line = strchr(line + 1, '\n');
	/* the lines that are indented; the sentence, if the check has one, is the first */
	while (line && !strncmp(line + 1, "      ", 6)) {
		line += 1 + strspn(line + 1, " ");
		len = strcspn(line, "\n");
		if (!sentence || strncmp(line, sentence, len)) {
			values = strndup(line, len);
			if (!values)
				abort();
			return values;
		}
		line += len;
	}
	return NULL;
}

/* Numbers of the machine become the program's names. Return: bytes read of @text; 0: none. */
static int translate_one(FILE *out, const char *text, const struct timeline *tl)
{
	unsigned int type, nr;
	char name[32];
	int n = 0;

	if (sscanf(text, "cluster %u/%u%n", &type, &nr, &n) == 2 && n && type < MAX_SWAPFILES) {
		object_name(name, sizeof(name), object(OBJECT_CLUSTER, tl->types[type], nr));
		fprintf(out, "cluster %s", name);
		return n;
	}
	if (sscanf(text, "slot %u/%u%n", &type, &nr, &n) == 2 && n && type < MAX_SWAPFILES) {
		object_name(name, sizeof(name), object(OBJECT_SLOT, tl->types[type], nr));
		fprintf(out, "slot %s", name);
		return n;
	}
	if (sscanf(text, "device %u%n", &type, &n) == 1 && n && type < MAX_SWAPFILES) {
		object_name(name, sizeof(name), object(OBJECT_DEVICE, tl->types[type], 0));
		fprintf(out, "device %s", name);
		return n;
	}
	if (sscanf(text, "mm %u%n", &nr, &n) == 1 && n && nr < ARRAY_SIZE(tl->spaces) &&
	    tl->spaces[nr]) {
		fprintf(out, "m%u", tl->spaces[nr] - 1);
		return n;
	}
	if ((sscanf(text, "folio %u%n", &nr, &n) == 1 || sscanf(text, "pfn %u%n", &nr, &n) == 1) &&
	    n) {
		fprintf(out, "folio f%u", nr);
		return n;
	}
	if (sscanf(text, "task %u%n", &nr, &n) == 1 && n && nr < SIM_TASKS_MAX) {
		task_title(name, sizeof(name), nr);
		fputs(name, out);
		return n;
	}
	return 0;
}

void block_paragraph(FILE *out, const char *text)
{
	size_t len = strlen(text), n;

	while (len) {
		n = len;
		if (n > PARAGRAPH_WIDTH) {
			for (n = PARAGRAPH_WIDTH; n && text[n] != ' '; n--)
				;
			n = n ? : PARAGRAPH_WIDTH;
		}
		fprintf(out, "      %.*s\n", (int)n, text);
		text += n + strspn(text + n, " ");
		len = strlen(text);
	}
}

void values_print(FILE *out, const char *values, const struct timeline *tl)
{
	int n;

	while (*values) {
		n = translate_one(out, values, tl);
		if (n) {
			values += n;
			continue;
		}
		/* only where a word begins */
		do {
			fputc(*values, out);
		} while (*values++ != ' ' && *values);
	}
}

void block_values(FILE *out, const char *text, const struct timeline *tl)
{
	char *line = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&line, &size);

	if (!f)
		abort();
	values_print(f, text, tl);
	fclose(f);
	block_paragraph(out, line);
	free(line);
}

void block_line(FILE *out, const char *line, size_t len)
{
	while (len && line[len - 1] == ' ')
		len--;
	if (len)
		fprintf(out, "    %.*s", (int)len, line);
	fputc('\n', out);
}

/* "#1 f core/a.c:1:2 (replay+0x1) (BuildId: 2)": where a binary is means nothing to others. */
static void print_frame(FILE *out, const char *line, size_t len)
{
	char text[512];
	char *module, *build, *slash, *source = NULL;

	snprintf(text, sizeof(text), "%.*s", (int)len, line);
	build = strstr(text, " (BuildId: ");
	if (build)
		memmove(build, build + strcspn(build, ")") + 1,
			strlen(build + strcspn(build, ")")));
	module = strstr(text, "(/");
	slash = module ? module + strcspn(module, "+)") : NULL;
	while (slash && slash > module && *slash != '/')
		slash--;
	if (slash)
		memmove(module + 1, slash + 1, strlen(slash));
	module = strstr(text, " (");
	if (text[strspn(text, " ")] == '#')
		source = strchr(text, '/');
	if (module && source && source < module)
		*module = 0;
	block_line(out, text, strlen(text));
}

void block_stack(FILE *out, const char *text)
{
	static const char head[] = "\nstack\n";
	size_t len;

	text = strstr(text, head);
	if (!text)
		return;
	fputs(head, out);
	for (text += strlen(head); *text == ' '; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		block_line(out, text + strspn(text, " "), len - strspn(text, " "));
	}
}

/* "==1==Register values:", " r8 = 0x0000000000000000  r9 = ..." */
static bool is_register(const char *line, size_t len)
{
	return memmem(line, len, "==Register values", 17) ||
	       (line[strspn(line, " ")] == 'r' && memmem(line, len, " = 0x", 5));
}

void block_sanitizer(FILE *out, const char *text, const char *end)
{
	size_t len;

	fprintf(out, "\nsanitizer\n");
	text += strspn(text, "\n");
	/* what follows is memory around the address */
	for (; text < end && strncmp(text, "Shadow bytes", 12); text += len + 1) {
		len = strcspn(text, "\n");
		if (!is_register(text, len))
			print_frame(out, text, len);
	}
}
