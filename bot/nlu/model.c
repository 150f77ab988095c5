/*
 * model.c - opening a model file: mapped, checked once, then only read.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bot/nlu/kernel_priv.h"
#include "bot/nlu/model_priv.h"
#include "bot/nlu/model_sum_priv.h"
#include "credbot/base/alloc.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
    "model files are little-endian");
_Static_assert(offsetof(struct model_header, checksum) == 24, "the checksum's place");

/* Size of one element of each section. */
static const size_t elements[SECTIONS] = {
	[SECTION_LABELS] = 1,
	[SECTION_WORD_STARTS] = sizeof(uint32_t),
	[SECTION_WORD_KEYS] = sizeof(uint32_t),
	[SECTION_WORDS] = sizeof(struct vocabulary_word),
	[SECTION_WORD_TEXT] = 1,
	[SECTION_DELETE_STARTS] = sizeof(uint32_t),
	[SECTION_DELETES] = sizeof(uint32_t),
	[SECTION_KNOWN_STARTS] = sizeof(uint32_t),
	[SECTION_KNOWN_KEYS] = sizeof(uint32_t),
	[SECTION_NEAR_STARTS] = sizeof(uint32_t),
	[SECTION_NEAR_EXAMPLES] = sizeof(uint16_t),
	[SECTION_NEAR_INVERSE] = sizeof(float),
	[SECTION_NEAR_LABELS] = sizeof(uint32_t),
	[SECTION_BIAS] = sizeof(float),
	[SECTION_STARTS] = sizeof(uint32_t),
	[SECTION_KEYS] = sizeof(uint32_t),
	[SECTION_ROWS] = sizeof(struct row),
	[SECTION_WEIGHTS] = 1,
};

static size_t
element_of(size_t section)
{
	if (section >= SECTION_VIEW_END)
		section -= SECTION_VIEW_END - SECTION_VIEW;
	return elements[section];
}

static const void *
data(const struct model *m, size_t section)
{
	return (const char *)m->bytes + m->head->section[section].at;
}

/* Elements in a section. */
static size_t
count(const struct model *m, size_t section)
{
	return (size_t)m->head->section[section].size / element_of(section);
}

/* NULL if the header is sound, else what is wrong. */
static const char *
check_header(const struct model *m)
{
	const struct model_header *h = m->head;

	if (m->size < sizeof(h->magic) ||
	    memcmp(h->magic, MODEL_MAGIC, sizeof(h->magic)) != 0)
		return "not a model file";
	if (m->size < offsetof(struct model_header, checksum))
		return "cut short";
	if (h->version != MODEL_VERSION || h->header_size != sizeof(*h))
		return "made by another version of credbot, train again";
	if (m->size < sizeof(*h) || h->size > m->size)
		return "cut short";
	if (h->size != m->size || h->size % MODEL_ALIGN != 0)
		return "longer than it should be";
	if (h->checksum != model_sum(m->bytes, m->size))
		return "damaged (its checksum is wrong)";
	if (h->labels < 2 || h->labels > MODEL_LABELS_MAX ||
	    h->padded != kernel_padded(h->labels) || h->sources[MODEL_SOURCES] != '\0')
		return "damaged (header)";
	for (size_t i = 0; i < SECTIONS; i++)
		if (h->section[i].at % MODEL_ALIGN != 0 || h->section[i].at > m->size ||
		    h->section[i].size > m->size - h->section[i].at ||
		    h->section[i].size % element_of(i) != 0)
			return "damaged (sections)";
	return NULL;
}

static bool
read_labels(struct model *m)
{
	const char *p = data(m, SECTION_LABELS);
	size_t left = count(m, SECTION_LABELS);

	m->labels = xcalloc(m->head->labels, sizeof(*m->labels));
	for (size_t i = 0; i < m->head->labels; i++) {
		const char *end = left == 0 ? NULL : memchr(p, '\0', left);

		if (end == NULL)
			return false;
		m->labels[i] = p;
		left -= (size_t)(end + 1 - p);
		p = end + 1;
	}
	m->in_scope = m->head->labels;
	if (strcmp(m->labels[m->in_scope - 1], NLU_OOS) == 0)
		m->in_scope--;
	return left == 0;
}

static bool
read_vocabulary(struct model *m)
{
	struct vocabulary *v = &m->vocabulary;
	size_t n = count(m, SECTION_WORDS), text = count(m, SECTION_WORD_TEXT);

	v->words = data(m, SECTION_WORDS);
	v->text = data(m, SECTION_WORD_TEXT);
	v->idf_unknown = m->head->idf_unknown;
	for (size_t i = 0; i < n; i++)
		if (v->words[i].at > text || v->words[i].len > text - v->words[i].at ||
		    v->words[i].len == 0)
			return false;
	return n == count(m, SECTION_WORD_KEYS) &&
	       table_read(&v->table, data(m, SECTION_WORD_STARTS),
		   count(m, SECTION_WORD_STARTS), data(m, SECTION_WORD_KEYS), n) &&
	       table_read(&v->known, data(m, SECTION_KNOWN_STARTS),
		   count(m, SECTION_KNOWN_STARTS), data(m, SECTION_KNOWN_KEYS),
		   count(m, SECTION_KNOWN_KEYS)) &&
	       spell_read(v, data(m, SECTION_DELETE_STARTS),
		   count(m, SECTION_DELETE_STARTS), data(m, SECTION_DELETES),
		   count(m, SECTION_DELETES));
}

/* Do n starts go up from 0 to end? */
static bool
are_starts(const uint32_t *starts, size_t n, size_t end)
{
	for (size_t i = 0; i + 1 < n; i++)
		if (starts[i] > starts[i + 1])
			return false;
	return n > 0 && starts[0] == 0 && starts[n - 1] == end;
}

/* After the views: its lists are one for each row of view A. */
static bool
read_nearest(struct model *m)
{
	struct nearest *x = &m->nearest;
	size_t listed = count(m, SECTION_NEAR_EXAMPLES);

	x->starts = data(m, SECTION_NEAR_STARTS);
	x->examples = data(m, SECTION_NEAR_EXAMPLES);
	x->inverse = data(m, SECTION_NEAR_INVERSE);
	x->labels = data(m, SECTION_NEAR_LABELS);
	x->padded = count(m, SECTION_NEAR_INVERSE);
	if (count(m, SECTION_NEAR_STARTS) != (size_t)m->view[VIEW_A].table.n + 1 ||
	    count(m, SECTION_NEAR_LABELS) != (size_t)m->head->labels + 1 ||
	    x->padded % KERNEL_PAD != 0)
		return false;
	x->n = x->labels[m->head->labels];
	for (size_t i = 0; i < listed; i++)
		if (x->examples[i] >= x->n)
			return false;
	return x->n <= x->padded &&
	       are_starts(x->starts, count(m, SECTION_NEAR_STARTS), listed) &&
	       are_starts(x->labels, count(m, SECTION_NEAR_LABELS), x->n);
}

static bool
read_view(struct model *m, enum view view)
{
	struct view_weights *w = &m->view[view];
	size_t n = count(m, model_section(view, SECTION_ROWS));
	size_t size = count(m, model_section(view, SECTION_WEIGHTS));

	w->rows = data(m, model_section(view, SECTION_ROWS));
	w->weights = data(m, model_section(view, SECTION_WEIGHTS));
	w->bias = data(m, model_section(view, SECTION_BIAS));
	for (size_t i = 0; i < n; i++)
		if (!row_is_sound(&w->rows[i], w->weights, size, m->head->labels))
			return false;
	return count(m, model_section(view, SECTION_BIAS)) == m->head->padded &&
	       n == count(m, model_section(view, SECTION_KEYS)) &&
	       table_read(&w->table, data(m, model_section(view, SECTION_STARTS)),
		   count(m, model_section(view, SECTION_STARTS)),
		   data(m, model_section(view, SECTION_KEYS)), n);
}

static const char *
check(struct model *m)
{
	const char *wrong = check_header(m);

	if (wrong != NULL)
		return wrong;
	if (!read_labels(m))
		return "damaged (labels)";
	if (!read_vocabulary(m))
		return "damaged (vocabulary)";
	if (!read_view(m, VIEW_A) || !read_view(m, VIEW_B))
		return "damaged (weights)";
	if (!read_nearest(m))
		return "damaged (examples)";
	return NULL;
}

enum rc
model_view(struct model **out, const void *bytes, size_t size, const char *name,
    struct err *err)
{
	struct model *m = xcalloc(1, sizeof(*m));
	const char *wrong;

	*out = NULL;
	m->bytes = bytes;
	m->size = size;
	m->head = bytes;
	wrong = check(m);
	if (wrong != NULL) {
		err_set(err, "%s: %s", name, wrong);
		model_close(m);
		return RC_INVALID;
	}
	*out = m;
	return RC_OK;
}

/* The file as bytes; NULL with errno set. An empty file cannot be mapped: EINVAL. */
static void *
map_file(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *p = MAP_FAILED;
	struct stat st;
	int saved;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0) {
		*size = (size_t)st.st_size;
		p = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	saved = errno;
	close(fd);
	errno = saved;
	return p == MAP_FAILED ? NULL : p;
}

enum rc
model_open(struct model **out, const char *path, struct err *err)
{
	size_t size = 0;
	void *bytes = map_file(path, &size);
	enum rc rc;

	*out = NULL;
	if (bytes == NULL) {
		int why = errno;

		err_set(err, "%s: %s", path,
		    why == EINVAL ? "not a model file" : strerror(why));
		return why == ENOENT ? RC_NOTFOUND : why == EINVAL ? RC_INVALID : RC_IO;
	}
	rc = model_view(out, bytes, size, path, err);
	if (rc == RC_OK)
		(*out)->mapped = true;
	else
		(void)munmap(bytes, size);
	return rc;
}

void
model_close(struct model *m)
{
	if (m == NULL)
		return;
	if (m->mapped)
		(void)munmap((void *)(uintptr_t)m->bytes, m->size);
	free(m->labels);
	free(m);
}

const char *
model_sources(const struct model *m)
{
	return m->head->sources;
}

size_t
model_label_count(const struct model *m)
{
	return m->head->labels;
}

const char *
model_label(const struct model *m, size_t i)
{
	return m->labels[i];
}

size_t
model_bytes(const struct model *m)
{
	return m->size;
}

float
model_threshold(const struct model *m)
{
	return m->head->threshold;
}
