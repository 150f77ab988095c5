/*
 * intents.h - every intent of this folder, and the table of them.
 */
#ifndef CREDBOT_INTENTS_H
#define CREDBOT_INTENTS_H

#include "credbot/base/arena.h"
#include "credbot/base/buf.h"
#include "credbot/base/clock.h"
#include "credbot/talk/notices.h"
#include "credbot/talk/programs.h"
#include "credbot/talk/turn.h"

/* Sorted by name. */
extern const struct intent *const intent_table[];
extern const size_t intent_table_len;
/* The names of those that have phrases, ended by NULL. */
extern const char *const intent_names[];

extern const struct intent intent_abuse;
extern const struct intent intent_affirm;
extern const struct intent intent_are_you_human;
extern const struct intent intent_ask_erase_profile;
extern const struct intent intent_ask_source;
extern const struct intent intent_change_language;
extern const struct intent intent_choose_option;
extern const struct intent intent_compare_programs;
extern const struct intent intent_complaint;
extern const struct intent intent_consent;
extern const struct intent intent_consent_given;
extern const struct intent intent_consent_refused;
extern const struct intent intent_create_profile;
extern const struct intent intent_data_of_others;
extern const struct intent intent_delete_kept;
extern const struct intent intent_delete_my_data;
extern const struct intent intent_deny;
extern const struct intent intent_distress;
extern const struct intent intent_drop_profile;
extern const struct intent intent_end_searches;
extern const struct intent intent_erase_my_data;
extern const struct intent intent_erase_profile;
extern const struct intent intent_explain_simpler;
extern const struct intent intent_explain_suggestion;
extern const struct intent intent_export_my_data;
extern const struct intent intent_faq;
extern const struct intent intent_feedback;
extern const struct intent intent_frustration;
extern const struct intent intent_go_back;
extern const struct intent intent_goodbye;
extern const struct intent intent_greet;
extern const struct intent intent_hand_over_list;
extern const struct intent intent_help;
extern const struct intent intent_keep_alert;
extern const struct intent intent_keep_list_private;
extern const struct intent intent_keep_profile;
extern const struct intent intent_link_channels;
extern const struct intent intent_link_join;
extern const struct intent intent_link_refuse;
extern const struct intent intent_list_topics;
extern const struct intent intent_more_detail;
extern const struct intent intent_more_results;
extern const struct intent intent_no_alert;
extern const struct intent intent_notices_on;
extern const struct intent intent_notification_settings;
extern const struct intent intent_out_of_scope;
extern const struct intent intent_plan_list;
extern const struct intent intent_plan_weeks;
extern const struct intent intent_privacy;
extern const struct intent intent_program_alert;
extern const struct intent intent_program_details;
extern const struct intent intent_promise_request;
extern const struct intent intent_rate_answer;
extern const struct intent intent_refine_suggestion;
extern const struct intent intent_remove_from_shortlist;
extern const struct intent intent_repeat;
extern const struct intent intent_report_wrong_answer;
extern const struct intent intent_restore_list;
extern const struct intent intent_save_program;
extern const struct intent intent_search_programs;
extern const struct intent intent_send_my_data;
extern const struct intent intent_sensitive_data_posted;
extern const struct intent intent_share_shortlist;
extern const struct intent intent_shortlist;
extern const struct intent intent_show_path;
extern const struct intent intent_show_profile;
extern const struct intent intent_similar_programs;
extern const struct intent intent_skip_question;
extern const struct intent intent_skip_wish;
extern const struct intent intent_small_talk;
extern const struct intent intent_start_over;
extern const struct intent intent_stop_dialog;
extern const struct intent intent_stop_messages;
extern const struct intent intent_suggest_programs;
extern const struct intent intent_talk_to_advisor;
extern const struct intent intent_thanks;
extern const struct intent intent_unclear_input;
extern const struct intent intent_unsupported_message;
extern const struct intent intent_update_profile;
extern const struct intent intent_who_are_you;

#endif
