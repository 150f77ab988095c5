/*
 * test_yaml.c - files that people write: trees, places, and faults that say what to do.
 */
#include "credbot/base/config.h"
#include "credbot/base/file.h"
#include "credbot/base/yaml.h"
#include "t.h"

/* Faults of text as file:line:column: reason lines. */
static void
faults_of(const char *text, struct buf *out)
{
	struct arena *a = arena_new();
	struct faults f = { 0 };

	(void)yaml_parse(a, "x.yaml", 1, str_of(text), &f);
	faults_sort(&f);
	faults_print(&f, out);
	faults_fini(&f);
	arena_free(a);
}

static void
test_tree(void)
{
	struct arena *a = arena_new();
	struct faults f = { 0 };
	struct yaml *y = yaml_parse(a, "x.yaml", 10,
	    STR("a: 1\nlist: [x, \"y\"]\nmap:\n  inner: ~\n"), &f);

	T_INT(f.n, 0, "no fault");
	T_INT(y->n, 3, "keys");
	T_CHECK(str_is(yaml_get(y, "a")->text, "1"), "scalar");
	T_INT(yaml_get(y, "list")->n, 2, "list");
	T_CHECK(yaml_get(y, "list")->child[1]->quoted, "quoted");
	T_INT(yaml_get(y, "list")->at.line, 11, "line counts from the first");
	T_INT(yaml_get(y, "list")->at.column, 7, "column");
	T_CHECK(yaml_is_null(yaml_get(yaml_get(y, "map"), "inner")), "null");
	T_CHECK(yaml_get(y, "none") == NULL, "missing");
	T_INT(yaml_parse(a, "x.yaml", 1, STR(""), &f)->n, 0, "empty text is a map");
	arena_free(a);
}

static void
test_faults(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "a: 1\na: 2\n", "x.yaml:2:1: \"a\" is given twice\n" },
		{ "b: *x\n",
		    "x.yaml:1:4: aliases (*name) are not used here: write the value "
		    "again\n" },
		{ "a: &x 1\n", "x.yaml:1:4: anchors (&name) and tags (!type) are not "
			       "used here\n" },
		{ "a: !!str 1\n", "x.yaml:1:4: anchors (&name) and tags (!type) are "
				  "not used here\n" },
		{ "a: 1\n---\nb: 2\n",
		    "x.yaml:2:1: a second document starts here: one file is one "
		    "document\n" },
		{ "a: [1\n", "x.yaml:2:1: not valid YAML: did not find expected ',' or "
			     "']'\n" },
		{ "a: \"b\n", "x.yaml:2:1: not valid YAML: found unexpected end of "
			      "stream\n" },
		{ "? [a]\n: 1\n", "x.yaml:1:3: a key must be a plain word\n" },
		{ "[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]",
		    "x.yaml:1:18: nested too deeply\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out = { 0 };

		faults_of(rows[i].text, &out);
		T_STR(buf_cstr(&out), rows[i].want, "row %zu", i);
		buf_fini(&out);
	}
}

static void
config_faults(const char *text, struct buf *out)
{
	struct faults f = { 0 };
	struct err err;
	char path[] = "/tmp/credbot-test-config.yaml";

	T_INT(file_write_atomic(path, str_of(text), &err), RC_OK, "written");
	T_CHECK(config_load(path, &f) == NULL, "refused");
	faults_sort(&f);
	faults_print(&f, out);
	faults_fini(&f);
	remove(path);
}

static void
test_config_faults(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "web:\n  lisen: x\n",
		    ":2:3: unknown option web.lisen; did you mean web.listen?\n" },
		{ "wbe:\n  listen: x\n",
		    ":1:1: unknown section wbe; did you mean web?\n" },
		{ "web:\n  max_connections: many\n",
		    ":2:20: web.max_connections: \"many\" is not a whole number from 8 "
		    "to "
		    "100000\n" },
		{ "web:\n  proxy: perhaps\n  hosts: one\n",
		    ":2:10: web.proxy: \"perhaps\" is neither true nor false\n"
		    "/tmp/credbot-test-config.yaml:3:10: web.hosts: expected a list, "
		    "like "
		    "[a, b]\n" },
		{ "chats:\n  x: 1\nqwertz:\n  x: 1\n",
		    ":1:1: unknown section chats; did you mean chat?\n"
		    "/tmp/credbot-test-config.yaml:3:1: unknown section qwertz; "
		    "credbot "
		    "check --example prints all\n" },
		{ "web: 8080\n", ":1:6: web: expected indented options below it\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out = { 0 }, want = { 0 };

		config_faults(rows[i].text, &out);
		buf_printf(&want, "/tmp/credbot-test-config.yaml%s", rows[i].want);
		T_STR(buf_cstr(&out), buf_cstr(&want), "row %zu", i);
		buf_fini(&out);
		buf_fini(&want);
	}
}

/* The example is the table printed: loading it must give the defaults. */
static void
test_config_example(void)
{
	struct config *plain = config_default(), *loaded;
	struct buf text = { 0 };
	struct faults f = { 0 };
	struct err err;
	char path[] = "/tmp/credbot-test-example.yaml";

	config_print_example(&text);
	T_INT(file_write_atomic(path, buf_str(&text), &err), RC_OK, "written");
	loaded = config_load(path, &f);
	T_CHECK(loaded != NULL, "the example has no fault");
	T_STR(config_str(loaded, "web.listen"), config_str(plain, "web.listen"),
	    "text");
	T_INT(config_int(loaded, "chat.flood_burst"),
	    config_int(plain, "chat.flood_burst"), "number");
	T_CHECK(!config_bool(loaded, "web.proxy"), "boolean");
	T_CHECK(config_item(loaded, "web.hosts", 0) == NULL, "list");
	config_free(loaded);
	config_free(plain);
	buf_fini(&text);
	remove(path);
}

static void
test_config_values(void)
{
	struct faults f = { 0 };
	struct config *cf;
	struct err err;
	char path[] = "/tmp/credbot-test-values.yaml";

	T_INT(file_write_atomic(path,
		  STR("bot:\n  name: Ada\nweb:\n  hosts: [a.example, "
		      "\"b.example:8443\"]\n"
		      "  proxy: yes\nchat:\n"),
		  &err),
	    RC_OK, "written");
	cf = config_load(path, &f);
	T_CHECK(cf != NULL, "loaded");
	T_STR(config_str(cf, "bot.name"), "Ada", "name");
	T_STR(config_item(cf, "web.hosts", 1), "b.example:8443", "second host");
	T_CHECK(config_item(cf, "web.hosts", 2) == NULL, "no third");
	T_CHECK(config_bool(cf, "web.proxy"), "proxy");
	config_free(cf);
	remove(path);
	T_CHECK(config_load("/nonexistent/x.yaml", &f) == NULL, "no such file");
	T_INT(f.n, 1, "one fault");
	faults_fini(&f);
}

int
main(void)
{
	T_RUN(test_tree);
	T_RUN(test_faults);
	T_RUN(test_config_faults);
	T_RUN(test_config_example);
	T_RUN(test_config_values);
	return t_end();
}
