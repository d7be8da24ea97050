// SPDX-License-Identifier: GPL-2.0-only
/* The parts of a failure block that come from the child's report. */
#include <stdlib.h>
#include <string.h>

#include <check/check.h>
#include "block_internal.h"

#define PARAGRAPH_WIDTH (DIAGRAM_WIDTH - 6)

/* Numbers of the machine become the program's names. */
static void print_object(FILE *out, const struct failure_object *obj, const struct timeline *tl)
{
	u8 dev = obj->in < MAX_SWAPFILES ? tl->types[obj->in] : 0xff;
	char name[32];

	switch ((enum failure_kind)obj->kind) {
	case FAILURE_DEVICE:
		object_name(name, sizeof(name), object(OBJECT_DEVICE, dev, 0));
		fprintf(out, "device %s", name);
		break;
	case FAILURE_CLUSTER:
		object_name(name, sizeof(name), object(OBJECT_CLUSTER, dev, obj->nr));
		fprintf(out, "cluster %s", name);
		break;
	case FAILURE_SLOT:
		object_name(name, sizeof(name), object(OBJECT_SLOT, dev, obj->nr));
		fprintf(out, "slot %s", name);
		break;
	case FAILURE_FOLIO:
		fprintf(out, "folio f%lu", obj->nr);
		break;
	case FAILURE_PAGE:
		if (obj->in < ARRAY_SIZE(tl->spaces) && tl->spaces[obj->in])
			fprintf(out, "m%u page %lu", tl->spaces[obj->in] - 1, obj->nr);
		else
			fprintf(out, "mm %u page %lu", obj->in, obj->nr);
		break;
	case FAILURE_TASK:
		task_title(name, sizeof(name), obj->nr);
		fputs(name, out);
		break;
	case FAILURE_HINT:
		fprintf(out, "CPU %u order %lu", obj->in, obj->nr);
		break;
	}
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
	struct failure_object obj;
	const char *next;

	for (; *values; values = next) {
		next = failure_object(values, &obj);
		if (next) {
			print_object(out, &obj, tl);
		} else {
			fputc(*values, out);
			next = values + 1;
		}
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
