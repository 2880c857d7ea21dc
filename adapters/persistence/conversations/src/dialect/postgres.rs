//! Statements of PostgreSQL. `OFFSET 0` keeps a subquery what it is: PostgreSQL would write it out at each place that names
//! it, and read a chat of many megabytes that often.

use std::sync::LazyLock;

use keelson_domain::chat::{ChatId, MessageId};
use keelson_domain::shared::StoreResult;
use keelson_persistence_kit::Condition;
use keelson_persistence_kit::dialect::postgres::as_jsonb;

pub(crate) use keelson_persistence_kit::dialect::postgres::{
    contains_ignoring_case, json_array_contains, json_array_is_empty, lock_row, lock_table,
};

/// Whether it is the chat with this id, for a query of its head.
pub(crate) fn is_chat(id: &ChatId) -> Condition {
    Condition::sql("chat.id = ").and_text(id.as_str())
}

/// Whether a message of the tree, or of the older flat list, holds a text, whatever the case of either.
pub(crate) fn messages_contain(text: &str) -> Condition {
    Condition::sql(format!(
        "EXISTS (SELECT 1 FROM (SELECT {} AS whole OFFSET 0) w, LATERAL (SELECT jsonb_path_query(whole, \
         '$.history.messages.*.content') AS text UNION ALL SELECT jsonb_path_query(whole, '$.messages[*].content')) m WHERE \
         strpos(lower(m.text #>> '{{}}'), lower(",
        as_jsonb("chat.chat")
    ))
    .and_text(text)
    .and_sql(")) > 0)")
}

/// Whether no chat of a tag's owner bears the tag.
pub(crate) fn tag_is_unused() -> Condition {
    Condition::sql(format!(
        "NOT EXISTS (SELECT 1 FROM chat c, jsonb_array_elements_text(jsonb_path_query_array({}, '$.tags[*]')) t WHERE \
         c.user_id = tag.user_id AND t = tag.id)",
        as_jsonb("c.meta")
    ))
}

/// A message as the statements take it: its id.
///
/// # Errors
/// None; the signature is SQLite's.
pub(crate) fn message_key(message: &MessageId) -> StoreResult<String> {
    Ok(message.to_string())
}

/// Reads one message as text: key of the message, chat, owner.
pub(crate) fn select_message() -> &'static str {
    static STATEMENT: LazyLock<String> = LazyLock::new(|| {
        format!(
            "SELECT ({} #> ARRAY['history', 'messages', $1])::text AS value FROM chat WHERE id = $2 AND user_id = $3",
            as_jsonb("chat.chat")
        )
    });
    &STATEMENT
}

/// Merges fields into a message: the fields as JSON, key of the message, its id, time, chat, owner, whether it becomes
/// the current one.
pub(crate) fn merge_message() -> &'static str {
    static STATEMENT: LazyLock<String> = LazyLock::new(|| {
        format!(
            "UPDATE chat SET chat = (SELECT whole || jsonb_build_object('history', history || jsonb_build_object(\
             'messages', messages || jsonb_build_object($2, CASE jsonb_typeof(messages -> $2) WHEN 'object' THEN \
             messages -> $2 ELSE '{{}}'::jsonb END || $1::jsonb), 'currentId', CASE WHEN $7 THEN \
             to_jsonb($3::text) ELSE history -> 'currentId' END)) FROM (SELECT whole, history, \
             CASE jsonb_typeof(history -> 'messages') WHEN 'object' THEN history -> 'messages' ELSE '{{}}'::jsonb END AS \
             messages FROM (SELECT whole, CASE jsonb_typeof(whole -> 'history') WHEN 'object' THEN whole -> 'history' \
             ELSE '{{}}'::jsonb END AS history FROM (SELECT CASE jsonb_typeof(stored) WHEN 'object' THEN stored ELSE \
             '{{}}'::jsonb END AS whole FROM (SELECT {} AS stored OFFSET 0) s OFFSET 0) a OFFSET 0) b OFFSET 0) c)::json, updated_at = $4 WHERE id = $5 AND user_id = $6",
            as_jsonb("chat.chat")
        )
    });
    &STATEMENT
}

/// Sets the title in its column and in the chat's JSON: title, time, chat, owner.
pub(crate) fn set_title() -> &'static str {
    static STATEMENT: LazyLock<String> = LazyLock::new(|| {
        format!(
            "UPDATE chat SET title = $1, chat = (SELECT (CASE jsonb_typeof(stored) WHEN 'object' THEN stored ELSE \
             '{{}}'::jsonb END || jsonb_build_object('title', $1))::json FROM (SELECT {} AS stored OFFSET 0) s), updated_at = $2 WHERE id = $3 AND user_id = $4",
            as_jsonb("chat.chat")
        )
    });
    &STATEMENT
}
