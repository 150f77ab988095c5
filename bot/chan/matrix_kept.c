/*
 * matrix_kept.c - what a session keeps and says, as text: for the program that runs, and for
 * "credbot login" before it.
 */
#include <stdlib.h>

#include "bot/chan/matrix_session_priv.h"
#include "credbot/base/chance.h"

void
session_write_tokens(struct buf *b, struct str access, struct str refresh,
    int64_t expires_ms, const struct session_oauth *oauth)
{
	buf_adds(b, "{\"access_token\":");
	buf_add_json(b, access);
	if (refresh.len > 0) {
		buf_adds(b, ",\"refresh_token\":");
		buf_add_json(b, refresh);
	}
	if (oauth != NULL && oauth->client != NULL) {
		buf_adds(b, ",\"oauth\":{\"client\":");
		buf_add_json(b, str_of(oauth->client));
		buf_adds(b, ",\"token_url\":");
		buf_add_json(b, str_of(oauth->token_url));
		buf_adds(b, ",\"revoke_url\":");
		buf_add_json(b, str_of(oauth->revoke_url));
		buf_adds(b, "}");
	}
	buf_printf(b, ",\"expires\":%lld}", (long long)expires_ms);
}

void
session_write_identity(struct buf *b, struct str user, struct str device)
{
	buf_adds(b, "{\"user\":");
	buf_add_json(b, user);
	buf_adds(b, ",\"device\":");
	buf_add_json(b, device);
	buf_adds(b, "}");
}

void
session_write_login(struct buf *b, const char *user, struct str password,
    const char *device)
{
	buf_adds(b, "{\"type\":\"m.login.password\",\"identifier\":{\"type\":"
		    "\"m.id.user\",\"user\":");
	buf_add_json(b, str_of(user));
	buf_adds(b, "},\"password\":");
	buf_add_json(b, password);
	buf_adds(b, ",\"device_id\":");
	buf_add_json(b, str_of(device));
	buf_adds(b, ",\"initial_device_display_name\":\"credbot\","
		    "\"refresh_token\":true}");
}

void
session_make_device(char out[SESSION_DEVICE_SIZE])
{
	chance_token(chance_system(), out, SESSION_DEVICE_SIZE - 1);
}

void
session_forget_oauth(struct session_oauth *o)
{
	free(o->client);
	free(o->token_url);
	free(o->revoke_url);
	*o = (struct session_oauth){ 0 };
}
