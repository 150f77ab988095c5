/*
 * schema.c - the tables, as the steps that lead to them. A step that has shipped is never
 * changed; what comes later is a step of its own.
 *
 * Times are milliseconds since 1970 in UTC. A peer's messages count 1, 2, 3 ... over both
 * directions, and each table is clustered by (peer, seq): a conversation is one place on
 * disk, and its end is found without a search.
 */
#include "bot/store/store_priv.h"

static const char *const steps[] = {
	/* 1: peers, inbox, outbox, dead letters, attempts, notes */
	"CREATE TABLE peer ("
	" id INTEGER PRIMARY KEY,"
	" channel TEXT NOT NULL,"
	" account TEXT NOT NULL,"
	" next_seq INTEGER NOT NULL,"
	" state TEXT NOT NULL,"
	" created_at INTEGER NOT NULL,"
	" updated_at INTEGER NOT NULL,"
	" UNIQUE (channel, account)"
	") STRICT;"
	"CREATE TABLE inbox ("
	" peer INTEGER NOT NULL REFERENCES peer (id),"
	" seq INTEGER NOT NULL,"
	" ext_id TEXT NOT NULL,"
	" kind INTEGER NOT NULL,"
	" text TEXT NOT NULL,"
	" at INTEGER NOT NULL,"
	" status INTEGER NOT NULL,"
	" tries INTEGER NOT NULL,"
	" due_at INTEGER NOT NULL,"
	" PRIMARY KEY (peer, seq),"
	" UNIQUE (peer, ext_id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX inbox_waiting ON inbox (peer, seq) WHERE status = 1;"
	"CREATE TABLE outbox ("
	" peer INTEGER NOT NULL REFERENCES peer (id),"
	" seq INTEGER NOT NULL,"
	" reply_to INTEGER NOT NULL,"
	" text TEXT NOT NULL,"
	" buttons TEXT NOT NULL,"
	" at INTEGER NOT NULL,"
	" status INTEGER NOT NULL,"
	" tries INTEGER NOT NULL,"
	" due_at INTEGER NOT NULL,"
	" PRIMARY KEY (peer, seq)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX outbox_queued ON outbox (due_at) WHERE status = 1;"
	"CREATE TABLE dead_letter ("
	" id INTEGER PRIMARY KEY,"
	" peer INTEGER NOT NULL,"
	" seq INTEGER NOT NULL,"
	" kind INTEGER NOT NULL,"
	" text TEXT NOT NULL,"
	" received_at INTEGER NOT NULL,"
	" reason TEXT NOT NULL,"
	" tries INTEGER NOT NULL,"
	" died_at INTEGER NOT NULL"
	") STRICT;"
	"CREATE TABLE attempt ("
	" channel TEXT NOT NULL,"
	" account TEXT NOT NULL,"
	" ext_id TEXT NOT NULL,"
	" tries INTEGER NOT NULL,"
	" PRIMARY KEY (channel, account, ext_id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE note ("
	" id INTEGER PRIMARY KEY,"
	" peer INTEGER NOT NULL,"
	" kind TEXT NOT NULL,"
	" topic TEXT NOT NULL,"
	" text TEXT NOT NULL,"
	" reference TEXT NOT NULL,"
	" at INTEGER NOT NULL"
	") STRICT;",
	/* 2: what the network calls a message, and which ones are on their way */
	"ALTER TABLE outbox ADD COLUMN ext_id TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE outbox ADD COLUMN replaces INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX outbox_underway ON outbox (peer, seq) WHERE status = 3;",
	/* 3: what channels must find again at their next start */
	"CREATE TABLE channel_value ("
	" channel TEXT NOT NULL,"
	" key TEXT NOT NULL,"
	" value TEXT NOT NULL,"
	" PRIMARY KEY (channel, key)"
	") STRICT, WITHOUT ROWID;",
	/* 4: who cannot be reached any more, since when and why */
	"ALTER TABLE peer ADD COLUMN gone_at INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE peer ADD COLUMN gone_why TEXT NOT NULL DEFAULT '';",
	/* 5: the language that the network says she has set (a BCP 47 tag) */
	"ALTER TABLE peer ADD COLUMN lang TEXT NOT NULL DEFAULT '';",
	/* 6: who has several chats, and the codes by which they are joined. A peer without a
	 * person is a person of its own. */
	"CREATE TABLE person ("
	" id INTEGER PRIMARY KEY,"
	" created_at INTEGER NOT NULL"
	") STRICT;"
	"ALTER TABLE peer ADD COLUMN person INTEGER REFERENCES person (id);"
	"CREATE INDEX peer_person ON peer (person) WHERE person IS NOT NULL;"
	"CREATE TABLE link_code ("
	" id INTEGER PRIMARY KEY,"
	" peer INTEGER NOT NULL REFERENCES peer (id),"
	" tag TEXT NOT NULL,"
	" hash TEXT NOT NULL,"
	" expires_at INTEGER NOT NULL,"
	" claimed_by INTEGER NOT NULL,"
	" used INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX link_code_tag ON link_code (tag);"
	"CREATE INDEX link_code_peer ON link_code (peer);"
	"CREATE TABLE link_try ("
	" peer INTEGER PRIMARY KEY REFERENCES peer (id),"
	" n INTEGER NOT NULL,"
	" since INTEGER NOT NULL"
	") STRICT;",
	/* 7: files that go with what the bot says */
	"ALTER TABLE outbox ADD COLUMN documents INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE document ("
	" peer INTEGER NOT NULL REFERENCES peer (id),"
	" seq INTEGER NOT NULL,"
	" n INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" type TEXT NOT NULL,"
	" size INTEGER NOT NULL,"
	" token TEXT NOT NULL UNIQUE,"
	" remote TEXT NOT NULL,"
	" bytes BLOB NOT NULL,"
	" PRIMARY KEY (peer, seq, n)"
	") STRICT;",
	/* 8: what students decide about what is kept of them */
	"ALTER TABLE peer ADD COLUMN erased_at INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE consent ("
	" id INTEGER PRIMARY KEY,"
	" peer INTEGER NOT NULL REFERENCES peer (id),"
	" version TEXT NOT NULL,"
	" given INTEGER NOT NULL,"
	" at INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX consent_of ON consent (peer, id);"
	"CREATE INDEX note_of ON note (peer);"
	"CREATE INDEX dead_letter_of ON dead_letter (peer);",
	/* 9: what a person said about herself */
	"CREATE TABLE profile ("
	" peer INTEGER NOT NULL REFERENCES peer (id),"
	" key TEXT NOT NULL,"
	" value TEXT NOT NULL,"
	" words TEXT NOT NULL,"
	" at INTEGER NOT NULL,"
	" PRIMARY KEY (peer, key)"
	") STRICT, WITHOUT ROWID;",
};

const struct schema store_schema = { steps, (int)ARRAY_LEN(steps) };
