//! Statements of SQLite. It addresses a message by a path, which leads through objects only: a history that is none is
//! begun anew.

use std::sync::LazyLock;

use keelson_domain::chat::{ChatId, MessageId};
use keelson_domain::shared::{StoreError, StoreResult};
use keelson_persistence_kit::Condition;
use keelson_persistence_kit::dialect::sqlite::as_json;

pub(crate) use keelson_persistence_kit::dialect::sqlite::{
    contains_ignoring_case, json_array_contains, json_array_is_empty, lock_row, lock_table,
};

/// Whether it is the chat with this id, for a query of its head. Written as a range: for an equation SQLite takes the unique
/// index and then the row, where columns lie behind all messages; for a range it takes `keelson_chat_head`, which holds
/// the head itself.
pub(crate) fn is_chat(id: &ChatId) -> Condition {
    Condition::sql("chat.id BETWEEN ")
        .and_text(id.as_str())
        .and_sql(" AND ")
        .and_text(id.as_str())
}

/// Whether a message of the tree, or of the older flat list, holds a text, whatever the case of either.
pub(crate) fn messages_contain(text: &str) -> Condition {
    let chat = as_json("chat.chat");
    Condition::sql(format!(
        "EXISTS (SELECT 1 FROM (SELECT type, value FROM json_each({chat}, '$.history.messages') UNION ALL SELECT type, \
         value FROM json_each({chat}, '$.messages')) m WHERE keelson_contains(CASE WHEN m.type = 'object' THEN \
         json_extract(m.value, '$.content') END, "
    ))
    .and_text(text)
    .and_sql("))")
}

/// Whether no chat of a tag's owner bears the tag.
pub(crate) fn tag_is_unused() -> Condition {
    Condition::sql(format!(
        "NOT EXISTS (SELECT 1 FROM chat c, json_each({}, '$.tags') t WHERE c.user_id = tag.user_id AND t.value = tag.id)",
        as_json("c.meta")
    ))
}

/// A message as the statements take it: a path.
///
/// # Errors
/// `Conflict` for an id that cannot be written in a path; the front end makes UUIDs.
pub(crate) fn message_key(message: &MessageId) -> StoreResult<String> {
    let id = message.as_str();
    if id.contains(['"', '\\']) {
        return Err(StoreError::Conflict { what: "message id" });
    }
    Ok(format!("$.history.messages.\"{id}\""))
}

/// The stored chat as an object, in `FROM`; an empty one where it is none.
fn stored_object() -> String {
    format!(
        "(SELECT CASE WHEN json_type(stored) = 'object' THEN stored ELSE '{{}}' END AS whole FROM (SELECT {} AS stored))",
        as_json("chat.chat")
    )
}

/// Reads one message as text: key of the message, chat, owner.
pub(crate) fn select_message() -> &'static str {
    static STATEMENT: LazyLock<String> = LazyLock::new(|| {
        format!(
            "SELECT json_extract({}, ?) AS value FROM chat WHERE id = ? AND user_id = ?",
            as_json("chat.chat")
        )
    });
    &STATEMENT
}

/// Merges fields into a message: the fields as JSON, key of the message, its id, time, chat, owner, whether it becomes
/// the current one. The fields are merged one by one, so that nulls are kept (`json_patch` would drop them) and nothing
/// is rewritten but the text around them.
pub(crate) fn merge_message() -> &'static str {
    static STATEMENT: LazyLock<String> = LazyLock::new(|| {
        format!(
            "UPDATE chat SET chat = (SELECT json_set(CASE WHEN json_type(whole, '$.history.messages') = 'object' THEN \
             whole WHEN json_type(whole, '$.history') = 'object' THEN json_set(whole, '$.history.messages', json('{{}}')) \
             ELSE json_set(whole, '$.history', json('{{\"messages\":{{}}}}')) END, ?2, json((SELECT json_group_object(key, \
             json(value)) FROM (SELECT key, CASE type WHEN 'null' THEN 'null' WHEN 'true' THEN 'true' WHEN 'false' THEN \
             'false' WHEN 'text' THEN json_quote(value) ELSE value END AS value FROM json_each(CASE json_type(whole, ?2) \
             WHEN 'object' THEN json_extract(whole, ?2) ELSE '{{}}' END) old WHERE NOT EXISTS (SELECT 1 FROM json_each(?1) \
             new WHERE new.key = old.key) UNION ALL SELECT key, CASE type WHEN 'null' THEN 'null' WHEN 'true' THEN \
             'true' WHEN 'false' THEN 'false' WHEN 'text' THEN json_quote(value) ELSE value END FROM json_each(?1)))), \
             '$.history.currentId', CASE WHEN ?7 THEN ?3 ELSE json_extract(whole, '$.history.currentId') END) FROM {}), \
             updated_at = ?4 WHERE id = ?5 AND user_id = ?6",
            stored_object()
        )
    });
    &STATEMENT
}

/// Sets the title in its column and in the chat's JSON: title, time, chat, owner.
pub(crate) fn set_title() -> &'static str {
    static STATEMENT: LazyLock<String> = LazyLock::new(|| {
        format!(
            "UPDATE chat SET title = ?1, chat = (SELECT json_set(whole, '$.title', ?1) FROM {}), updated_at = ?2 WHERE \
             id = ?3 AND user_id = ?4",
            stored_object()
        )
    });
    &STATEMENT
}
