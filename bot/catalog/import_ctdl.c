/*
 * import_ctdl.c - programs in CTDL, as the Credential Registry publishes them: a graph of
 * credentials and learning opportunities, with organisations beside them.
 */
#include <stdlib.h>
#include <string.h>

#include "bot/catalog/draft_priv.h"
#include "bot/catalog/ld_program_priv.h"

/* Sorted by name. */
static const struct ld_program_type types[] = {
	{ "ApprenticeshipCertificate", PROGRAM_APPRENTICESHIP },
	{ "AssociateDegree", PROGRAM_ASSOCIATE },
	{ "BachelorDegree", PROGRAM_BACHELOR },
	{ "Badge", PROGRAM_BADGE },
	{ "BasicTechnicalCertificate", PROGRAM_CERTIFICATE },
	{ "Certificate", PROGRAM_CERTIFICATE },
	{ "CertificateOfCompletion", PROGRAM_CERTIFICATE },
	{ "Certification", PROGRAM_CERTIFICATION },
	{ "Course", PROGRAM_COURSE },
	{ "Credential", PROGRAM_UNKNOWN },
	{ "Degree", PROGRAM_UNKNOWN },
	{ "DigitalBadge", PROGRAM_BADGE },
	{ "Diploma", PROGRAM_DIPLOMA },
	{ "DoctoralDegree", PROGRAM_DOCTORATE },
	{ "GeneralEducationDevelopment", PROGRAM_UNKNOWN },
	{ "HigherEducationLevel1Certificate", PROGRAM_CERTIFICATE },
	{ "HigherEducationLevel2Certificate", PROGRAM_CERTIFICATE },
	{ "JourneymanCertificate", PROGRAM_CERTIFICATE },
	{ "LearningOpportunityProfile", PROGRAM_UNKNOWN },
	{ "LearningProgram", PROGRAM_UNKNOWN },
	{ "License", PROGRAM_LICENCE },
	{ "MasterCertificate", PROGRAM_CERTIFICATE },
	{ "MasterDegree", PROGRAM_MASTER },
	{ "MicroCredential", PROGRAM_MICRO_CREDENTIAL },
	{ "OpenBadge", PROGRAM_BADGE },
	{ "ProfessionalCertificate", PROGRAM_CERTIFICATE },
	{ "ProfessionalDoctorate", PROGRAM_DOCTORATE },
	{ "ResearchDoctorate", PROGRAM_DOCTORATE },
	{ "SecondaryEducationCertificate", PROGRAM_CERTIFICATE },
	{ "SecondarySchoolDiploma", PROGRAM_DIPLOMA },
	{ "TechnicalLevel1Certificate", PROGRAM_CERTIFICATE },
	{ "TechnicalLevel2Certificate", PROGRAM_CERTIFICATE },
	{ "TechnicalLevel3Certificate", PROGRAM_CERTIFICATE },
};

static void
ctid(struct ld_program *lp, const struct json *v)
{
	lp->p->id = ld_text(lp->ld, v);
}

static void
modes(struct ld_program *lp, const struct json *v)
{
	for (size_t i = 0; i < ld_count(v); i++) {
		const char *word = lp_word(lp, ld_at(v, i));
		unsigned bit;

		if (word != NULL && value_mode(str_of(word), &bit) == NULL)
			lp->p->modes |= bit;
		else
			lp_keep(lp, NULL, ld_at(v, i));
	}
}

/* A member of a duration profile, in days. */
static void
length(struct ld_program *lp, const struct json *profile, const char *term, double *out)
{
	const char *text = ld_text(lp->ld, ld_get(lp->ld, profile, term)), *why;

	if (text == NULL)
		return;
	why = value_duration(str_of(text), out);
	if (why != NULL)
		lp_complain(lp, text, why);
}

static void
duration(struct ld_program *lp, const struct json *v)
{
	const struct json *one = ld_node(lp->ld, v);
	struct program *p = lp->p;

	length(lp, one, "exactDuration", &p->min_days);
	p->max_days = p->min_days;
	length(lp, one, "minimumDuration", &p->min_days);
	length(lp, one, "maximumDuration", &p->max_days);
	p->duration = ld_text(lp->ld, ld_get(lp->ld, one, "description"));
}

/* creditUnit:SemesterHours and the like, as people say it. */
static const char *
credit_system(const char *word)
{
	static const char *const names[][2] = {
		{ "ECTS", "ECTS" },
		{ "SemesterHours", "US semester hours" },
		{ "QuarterHours", "US quarter hours" },
		{ "ClockHours", "clock hours" },
		{ "ContactHours", "contact hours" },
		{ "ContinuingEducationUnit", "continuing education units" },
		{ "DegreeCredit", "" },
		{ "UNKNOWN", "" },
	};

	for (size_t i = 0; word != NULL && i < ARRAY_LEN(names); i++)
		if (strcmp(word, names[i][0]) == 0)
			return names[i][1];
	return word == NULL ? "" : word;
}

static void
credit(struct ld_program *lp, const struct json *v)
{
	for (size_t i = 0; i < ld_count(v); i++) {
		const struct json *one = ld_node(lp->ld, ld_at(v, i));
		const struct json *unit = ld_get(lp->ld, one, "creditUnitType");
		double n = NUMBER_UNKNOWN;
		const char *text = ld_text(lp->ld, ld_get(lp->ld, one, "value")), *why;

		if (text == NULL)
			text = ld_text(lp->ld, ld_get(lp->ld, one, "minValue"));
		if (text == NULL)
			continue;
		why = value_number(str_of(text), &n, NULL);
		if (why != NULL)
			lp_complain(lp, text, why);
		else
			(void)draft_credit(lp->a, lp->p,
			    credit_system(unit == NULL ? NULL : lp_word(lp, unit)), n);
	}
}

static enum offer_kind
cost_kind(const char *word)
{
	static const struct {
		const char *word;
		enum offer_kind kind;
	} kinds[] = {
		{ "AggregateCost", OFFER_TOTAL },
		{ "Application", OFFER_ENROLMENT },
		{ "AssessmentFee", OFFER_EXAM },
		{ "Enrollment", OFFER_ENROLMENT },
		{ "EnrollmentFee", OFFER_ENROLMENT },
		{ "Exam", OFFER_EXAM },
		{ "LearningResource", OFFER_MATERIAL },
		{ "MixedFees", OFFER_MATERIAL },
		{ "ProgramSpecific", OFFER_MATERIAL },
		{ "TechnologyFee", OFFER_MATERIAL },
		{ "Tuition", OFFER_TUITION },
		{ "TuitionInState", OFFER_TUITION },
		{ "TuitionOutOfState", OFFER_TUITION },
	};

	for (size_t i = 0; word != NULL && i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].word, word) == 0)
			return kinds[i].kind;
	return OFFER_TUITION;
}

static void
cost(struct ld_program *lp, const struct json *v)
{
	for (size_t i = 0; i < ld_count(v); i++) {
		const struct json *one = ld_node(lp->ld, ld_at(v, i));
		const struct json *type = ld_get(lp->ld, one, "directCostType");
		const char *word = type == NULL ? NULL : lp_word(lp, type);
		struct program_offer o = { .kind = cost_kind(word) };

		if (word != NULL && strcmp(word, "TuitionInState") == 0)
			o.whom = FOR_RESIDENT;
		lp_offer(lp, ld_text(lp->ld, ld_get(lp->ld, one, "price")),
		    ld_text(lp->ld, ld_get(lp->ld, one, "currency")), o);
	}
}

/* What one must bring. */
static void
entry(struct ld_program *lp, const struct json *v)
{
	for (size_t i = 0; i < ld_count(v); i++)
		ld_texts(lp->ld,
		    ld_get(lp->ld, ld_node(lp->ld, ld_at(v, i)), "description"),
		    &lp->p->entry, draft_block);
}

/* What one must do: above all, which courses. */
static void
conditions(struct ld_program *lp, const struct json *v)
{
	static const char *const targets[] = { "targetLearningOpportunity",
		"targetCredential" };

	for (size_t i = 0; i < ld_count(v); i++) {
		const struct json *one = ld_node(lp->ld, ld_at(v, i));
		const struct json *text = ld_get(lp->ld, one, "description");

		for (size_t k = 0; k < ARRAY_LEN(targets); k++) {
			const struct json *to = ld_get(lp->ld, one, targets[k]);

			for (size_t n = 0; n < ld_count(to); n++)
				(void)draft_name(lp->a, &lp->p->requires,
				    ld_ref(lp->ld, ld_at(to, n)));
		}
		if (text != NULL)
			lp_keep(lp, "description", text);
	}
}

static void
assessments(struct ld_program *lp, const struct json *v)
{
	for (size_t i = 0; i < ld_count(v); i++)
		(void)draft_name(lp->a, &lp->p->assessments, lp_word(lp, ld_at(v, i)));
}

static void
aid(struct ld_program *lp, const struct json *v)
{
	if (ld_count(v) > 0)
		lp->p->aid = KNOWN_YES;
}

/* Scheduled offerings: runs of their own. */
static void
offerings(struct ld_program *lp, const struct json *v)
{
	for (size_t i = 0; i < ld_count(v); i++) {
		const struct json *one = ld_node(lp->ld, ld_at(v, i));
		struct program_run run = { 0 };

		lp_date(lp, ld_get(lp->ld, one, "startDate"), &run.start);
		lp_date(lp, ld_get(lp->ld, one, "endDate"), &run.end);
		if (run.start != NULL || run.end != NULL)
			(void)draft_run(lp->a, lp->p, run);
		else
			lp_keep(lp, NULL, ld_at(v, i));
	}
}

/* Sorted by term. */
static const struct ld_member members[] = {
	{ "accreditedBy", lp_accredited },
	{ "approvedBy", lp_accredited },
	{ "assessmentMethodType", assessments },
	{ "audienceLevelType", lp_levels },
	{ "codedNotation", lp_code },
	{ "credentialAlignment", lp_levels },
	{ "credentialStatusType", lp_status },
	{ "creditValue", credit },
	{ "ctid", ctid },
	{ "deliveryType", modes },
	{ "description", lp_description },
	{ "endDate", lp_end },
	{ "entryCondition", entry },
	{ "estimatedCost", cost },
	{ "estimatedDuration", duration },
	{ "financialAssistance", aid },
	{ "hasOffering", offerings },
	{ "hasPart", lp_parts },
	{ "inLangaue", lp_language },
	{ "inLanguage", lp_language },
	{ "instructionalProgramType", lp_subjects },
	{ "isPartOf", lp_into },
	{ "isPreparationFor", lp_into },
	{ "keyword", lp_tags },
	{ "learningDeliveryType", modes },
	{ "lifeCycleStatusType", lp_status },
	{ "name", lp_title },
	{ "offeredBy", lp_provider },
	{ "ownedBy", lp_awarding },
	{ "recognizedBy", lp_accredited },
	{ "requires", conditions },
	{ "startDate", lp_start },
	{ "subject", lp_subjects },
	{ "subjectWebpage", lp_url },
	{ "targetCompetency", lp_outcomes },
	{ "teaches", lp_outcomes },
};

static const struct ld_format format = { members, ARRAY_LEN(members), types,
	ARRAY_LEN(types), NULL };

static bool
is_program(const char *type)
{
	bool is;

	(void)ld_type_of(&format, type, &is);
	return is;
}

enum rc
import_ctdl(struct importing *im)
{
	return ld_import(im, &format, is_program);
}
