/*
 * train.c - labelled texts to a model file.
 *
 * The model itself is trained once, on everything. Before that, models of a part of the
 * labels are trained and asked about the others: what they cannot know is what a question
 * out of scope looks like. That calibrates "I don't know" without a single such example;
 * given ones (NLU_OOS) are held out in turn and added.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/nlu/classify_priv.h"
#include "bot/nlu/corpus_priv.h"
#include "bot/nlu/fit_priv.h"
#include "bot/nlu/rng_priv.h"
#include "credbot/base/alloc.h"

#define FOLDS 5
/* Of the labels that a fold knows, every so many-th text is held out as in scope. */
#define HELD_OUT 6
/* With fewer labels none can be hidden: two are needed to choose between. */
#define HIDING_MIN 3
/*
 * What the threshold may cost: two of a hundred questions in scope that were read right.
 * With it 83 % of the questions out of scope are turned away (CLINC150, validation part).
 */
#define THRESHOLD_COST 0.02f
/* Passes of view B's training at most; 15 to 20 are enough to settle. */
#define MARGIN_PASSES 30
/* The models of the folds get half of the passes: confidence is much the same by then. */
#define FOLD_SHARE 2

struct trainer {
	const struct training *t;
	struct corpus *corpus;
	struct evidence *evidence;
	size_t n, cap;
	struct rng rng;
};

static bool
is_cancelled(void *arg)
{
	const struct trainer *tr = arg;

	return tr->t->cancelled != NULL && tr->t->cancelled(tr->t->arg);
}

/*
 * What suits sets of up to so many texts. Small ones need more passes (Adagrad moves a
 * weight only when its feature comes) and every feature that they have; in large ones a few
 * texts share a pair of words by chance, and leaving those out changes no figure: with 5
 * instead of 2 CLINC150's model is half as large and its validation part as right. Five
 * examples a label of BANKING77: 69.5 % right with all features, 67.5 % without the single
 * ones.
 */
static const struct tier {
	size_t up_to;
	unsigned passes;
	size_t min_texts; /* that have a feature */
} tiers[] = {
	{ 2500, 80, 1 },
	{ 5000, 40, 2 },
	{ SIZE_MAX, 25, 5 },
};

static const struct tier *
tier_of(size_t n)
{
	const struct tier *t = tiers;

	while (n > t->up_to)
		t++;
	return t;
}

/* part: 1 for the model itself, FOLD_SHARE for a fold's. */
static struct fit_options
options_for(struct trainer *tr, unsigned part)
{
	const struct training *t = tr->t;
	const struct tier *tier = tier_of(t->n);

	return (struct fit_options){
		.softmax_passes = tier->passes / part,
		.margin_passes = MARGIN_PASSES / part,
		.min_texts = tier->min_texts,
		.known = t->known,
		.n_known = t->n_known,
		.seed = t->seed,
		.stop = is_cancelled,
		.arg = tr,
	};
}

static bool
is_variant(const struct trainer *tr, size_t text)
{
	return text >= tr->t->n - tr->t->n_variants;
}

/* Which texts a fold trains on; it is asked about the others. take starts as none; fold_of:
 * of each label. */
static void
take_texts(struct trainer *tr, const uint32_t *fold_of, uint32_t fold, bool *take)
{
	const struct corpus *c = tr->corpus;
	size_t *seen = xcalloc(c->n_labels, sizeof(*seen)), strays = 0;
	uint32_t *order = xcalloc(c->n, sizeof(*order));

	for (size_t i = 0; i < c->n; i++)
		order[i] = (uint32_t)i;
	rng_shuffle(&tr->rng, order, c->n);
	for (size_t i = 0; i < c->n; i++) {
		uint32_t text = order[i], label = c->texts[text].label;

		/* A label's first two texts are never held out: it has to stay known. */
		if (is_variant(tr, text))
			continue;
		if (label == NO_LABEL || label == c->stray)
			take[text] = strays++ % FOLDS != fold;
		else if (fold_of[label] != fold)
			take[text] = seen[label]++ % HELD_OUT != 2;
	}
	free(order);
	free(seen);
}

/* Asks m, made of p, about all texts that it was not trained on. */
static void
ask(struct trainer *tr, const struct model *m, const struct part *p, const bool *take)
{
	struct classify_scratch *s = classify_scratch_new(m);
	bool *knows = xcalloc(tr->corpus->n_labels, sizeof(*knows));

	for (size_t i = 0; i < p->n_labels; i++)
		knows[p->labels[i]] = true;
	for (size_t i = 0; i < tr->corpus->n; i++) {
		const struct corpus_text *t = &tr->corpus->texts[i];
		struct evidence *e;
		struct finding f;

		if (take[i] || is_variant(tr, i) || !classify_find(m, s, t->text, &f))
			continue;
		xgrow(&tr->evidence, &tr->cap, tr->n + 1);
		e = &tr->evidence[tr->n++];
		memcpy(e->signal, f.signal, sizeof(e->signal));
		e->in_scope = t->label != NO_LABEL && t->label != tr->corpus->stray &&
		              knows[t->label];
		e->right = e->in_scope && p->labels[f.best] == t->label;
	}
	classify_scratch_free(s);
	free(knows);
}

/* A fold's model; false: cancelled. */
static bool
fit_fold(struct trainer *tr, const struct part *p, struct buf *file)
{
	struct model_parts *parts = xcalloc(1, sizeof(*parts));
	struct fit_options o = options_for(tr, FOLD_SHARE);
	bool done = fit_model(p, &o, parts);

	if (done)
		model_write(parts, file);
	model_parts_fini(parts);
	free(parts);
	return done;
}

/* Trains without the labels of one fold and asks about what was held out. */
static bool
run_fold(struct trainer *tr, const uint32_t *fold_of, uint32_t fold)
{
	bool *take = xcalloc(tr->corpus->n, sizeof(*take)), done;
	struct buf file = { 0 };
	struct model *m = NULL;
	struct part p;

	take_texts(tr, fold_of, fold, take);
	part_init(&p, tr->corpus, take);
	done = fit_fold(tr, &p, &file);
	if (done && model_view(&m, file.data, file.len, "fold", NULL) == RC_OK)
		ask(tr, m, &p, take);
	model_close(m);
	buf_fini(&file);
	part_fini(&p);
	free(take);
	return done;
}

static bool
has_strays(const struct corpus *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->texts[i].label == NO_LABEL)
			return true;
	return c->stray != NO_LABEL;
}

/* Deals the labels to the folds and runs them. false: cancelled. */
static bool
gather_evidence(struct trainer *tr)
{
	size_t n = tr->corpus->n_labels;
	uint32_t folds = n >= HIDING_MIN && n < FOLDS ? (uint32_t)n : FOLDS;
	uint32_t *order, *fold_of;
	bool done = true;

	if (n < HIDING_MIN && !has_strays(tr->corpus))
		return true; /* nothing that could be out of scope */
	order = xcalloc(n, sizeof(*order));
	fold_of = xcalloc(n, sizeof(*fold_of));
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	rng_shuffle(&tr->rng, order, n);
	for (uint32_t i = 0; i < n; i++)
		fold_of[order[i]] = n < HIDING_MIN || order[i] == tr->corpus->stray
		                        ? FOLDS
		                        : i % folds;
	for (uint32_t fold = 0; fold < folds && done; fold++)
		done = run_fold(tr, fold_of, fold);
	free(order);
	free(fold_of);
	return done;
}

static void
set_calibration(const struct trainer *tr, struct model_header *h)
{
	if (calibrate_fit(&h->calibration, tr->evidence, tr->n)) {
		h->threshold = calibrate_threshold(&h->calibration, tr->evidence, tr->n,
		    THRESHOLD_COST);
	} else {
		h->calibration = calibrate_default();
		h->threshold = CALIBRATE_DEFAULT_THRESHOLD;
	}
}

/* false: cancelled */
static bool
train(struct trainer *tr, struct buf *out)
{
	struct model_parts *parts = xcalloc(1, sizeof(*parts));
	struct fit_options o = options_for(tr, 1);
	bool done = gather_evidence(tr);
	struct part p;

	set_calibration(tr, &parts->head);
	memcpy(parts->head.sources, tr->t->sources,
	    strnlen(tr->t->sources, MODEL_SOURCES));
	part_init(&p, tr->corpus, NULL);
	done = done && fit_model(&p, &o, parts);
	if (done)
		model_write(parts, out);
	part_fini(&p);
	model_parts_fini(parts);
	free(parts);
	return done;
}

enum rc
train_model(const struct training *t, struct buf *out, struct err *err)
{
	struct trainer tr = { .t = t, .rng = rng_seeded(t->seed) };
	enum rc rc = RC_OK;

	tr.corpus = corpus_new(t);
	if (tr.corpus->n_labels < 2 || tr.corpus->n_labels > MODEL_LABELS_MAX) {
		err_set(err, "training needs 2 to %d labels, there are %zu",
		    MODEL_LABELS_MAX, tr.corpus->n_labels);
		rc = RC_INVALID;
	} else if (!train(&tr, out)) {
		err_set(err, "training was cancelled");
		rc = RC_AGAIN;
	}
	free(tr.evidence);
	corpus_free(tr.corpus);
	return rc;
}
