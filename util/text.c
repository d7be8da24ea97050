// SPDX-License-Identifier: GPL-2.0-only
/* Texts from outside, escaped for messages, shells and JSON. */
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#include "text.h"

#define BUFFERS 8

/*
 * The length of the UTF-8 sequence at @text, of which @left bytes are there; 0: it is none, or
 * an overlong one, a surrogate, or beyond Unicode. @point: its code point.
 */
static size_t utf8(const unsigned char *text, size_t left, unsigned int *point)
{
	static const unsigned int least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = *text < 0x80 ? 1 : *text < 0xc0 ? 0 : *text < 0xe0 ? 2 : *text < 0xf0 ? 3 :
		     *text < 0xf8 ? 4 : 0, i;

	if (!len || len > left)
		return 0;
	*point = len == 1 ? *text : *text & (0x7f >> len);
	for (i = 1; i < len; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (text[i] & 0x3f);
	}
	if (*point < least[len] || *point > 0x10ffff || (*point >= 0xd800 && *point < 0xe000))
		return 0;
	return len;
}

static bool is_control(unsigned int point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

const char *text_shown_n(const char *text, size_t len)
{
	static char buffers[BUFFERS][TEXT_SHOWN_MAX + 8];
	static unsigned int next;
	char *buffer = buffers[next++ % BUFFERS];
	size_t i = 0, n = 0, bytes;
	unsigned int point;

	while (i < len) {
		bytes = utf8((const unsigned char *)text + i, len - i, &point);
		if (n + 4 > TEXT_SHOWN_MAX) {
			strcpy(buffer + n, "...");
			return buffer;
		}
		if (bytes && !is_control(point)) {
			memcpy(buffer + n, text + i, bytes);
			n += bytes;
			i += bytes;
		} else if (text[i] == '\n') {
			n += sprintf(buffer + n, "\\n");
			i++;
		} else {
			n += sprintf(buffer + n, "\\x%02x", (unsigned char)text[i]);
			i++;
		}
	}
	buffer[n] = 0;
	return buffer;
}

const char *text_shown(const char *text)
{
	return text_shown_n(text, strlen(text));
}

void text_print_shell(FILE *out, const char *text)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "_-./,:=@%+";
	bool control = false;
	const char *p;

	if (*text && !text[strspn(text, safe)]) {
		fputs(text, out);
		return;
	}
	for (p = text; *p; p++)
		control |= is_control((unsigned char)*p) || (unsigned char)*p >= 0x80;
	fputs(control ? "$'" : "'", out);
	for (p = text; *p; p++) {
		if (control && (is_control((unsigned char)*p) || (unsigned char)*p >= 0x80))
			fprintf(out, "\\x%02x", (unsigned char)*p);
		else if (control && (*p == '\'' || *p == '\\'))
			fprintf(out, "\\%c", *p);
		else if (*p == '\'')
			fputs("'\\''", out);
		else
			fputc(*p, out);
	}
	fputc('\'', out);
}

void text_print_json(FILE *out, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t left = strlen(text), bytes;
	unsigned int point;

	fputc('"', out);
	for (; left; p += bytes, left -= bytes) {
		bytes = utf8(p, left, &point);
		if (!bytes) {
			bytes = 1;
			fputs("\\ufffd", out);
		} else if (is_control(point)) {
			fprintf(out, "\\u%04x", point);
		} else {
			if (point == '"' || point == '\\')
				fputc('\\', out);
			fwrite(p, 1, bytes, out);
		}
	}
	fputc('"', out);
}

FILE *text_memory_begin(struct text_memory *m)
{
	if (!m->text) {
		m->text = mmap(NULL, TEXT_MEMORY_MAX, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (m->text == MAP_FAILED)
			m->text = NULL;
		else
			m->file = fmemopen(m->text, TEXT_MEMORY_MAX - BUFSIZ, "w");
		if (m->file)
			setvbuf(m->file, m->text + TEXT_MEMORY_MAX - BUFSIZ, _IOFBF, BUFSIZ);
	}
	if (m->file)
		rewind(m->file);
	return m->file;
}

bool text_memory_end(struct text_memory *m)
{
	if (fflush(m->file) || ferror(m->file))
		return false;
	m->len = ftell(m->file);
	m->text[m->len] = 0;
	return true;
}
