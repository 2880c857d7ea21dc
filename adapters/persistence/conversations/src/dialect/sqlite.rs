//! Statements of SQLite. It addresses a message by a path, which leads through objects only: a history that is none is
//! begun anew.

use keelson_domain::chat::MessageId;
use keelson_domain::shared::{StoreError, StoreResult};
use keelson_persistence_kit::Condition;

pub(crate) use keelson_persistence_kit::dialect::sqlite::{
    contains_ignoring_case, json_array_contains, json_array_is_empty, lock_row, lock_table,
};

/// Whether a message of the tree, or of the older flat list, holds a text, whatever the case of either.
pub(crate) fn messages_contain(text: &str) -> Condition {
    Condition::sql(
        "EXISTS (SELECT 1 FROM (SELECT type, value FROM json_each(chat.chat, '$.history.messages') UNION ALL SELECT type, \
         value FROM json_each(chat.chat, '$.messages')) m WHERE instr(lower(CASE WHEN m.type = 'object' THEN \
         json_extract(m.value, '$.content') END), ",
    )
    .and_text(text.to_lowercase())
    .and_sql(") > 0)")
}

/// Whether no chat of a tag's owner bears the tag.
pub(crate) fn tag_is_unused() -> Condition {
    Condition::sql(
        "NOT EXISTS (SELECT 1 FROM chat c, json_each(c.meta, '$.tags') t WHERE c.user_id = tag.user_id AND t.value = tag.id)",
    )
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

/// Reads one message as text: key of the message, chat, owner.
pub(crate) fn select_message() -> &'static str {
    "SELECT json_extract(chat, ?) AS value FROM chat WHERE id = ? AND user_id = ?"
}

/// Merges fields into a message: the fields as JSON, key of the message, its id, time, chat, owner, whether it becomes
/// the current one. The fields are merged one by one, so that nulls are kept (`json_patch` would drop them) and nothing
/// is rewritten but the text around them.
pub(crate) fn merge_message() -> &'static str {
    "UPDATE chat SET chat = json_set(CASE WHEN json_type(chat, '$.history.messages') = 'object' THEN chat WHEN \
     json_type(chat, '$.history') = 'object' THEN json_set(chat, '$.history.messages', json('{}')) ELSE \
     json_set(coalesce(chat, '{}'), '$.history', json('{\"messages\":{}}')) END, ?2, json((SELECT json_group_object(key, \
     json(value)) FROM (SELECT key, CASE type WHEN 'null' THEN 'null' WHEN 'true' THEN 'true' WHEN 'false' THEN \
     'false' WHEN 'text' THEN json_quote(value) ELSE value END AS value FROM json_each(CASE json_type(chat.chat, ?2) WHEN \
     'object' THEN json_extract(chat.chat, ?2) ELSE '{}' END) old WHERE NOT EXISTS (SELECT 1 FROM json_each(?1) \
     new WHERE new.key = old.key) UNION ALL SELECT key, CASE type WHEN 'null' THEN 'null' WHEN 'true' THEN \
     'true' WHEN 'false' THEN 'false' WHEN 'text' THEN json_quote(value) ELSE value END FROM json_each(?1)))), \
     '$.history.currentId', CASE WHEN ?7 THEN ?3 ELSE json_extract(chat, '$.history.currentId') END), updated_at = ?4 \
     WHERE id = ?5 AND user_id = ?6"
}

/// Sets the title in its column and in the chat's JSON: title, time, chat, owner.
pub(crate) fn set_title() -> &'static str {
    "UPDATE chat SET title = ?1, chat = json_set(coalesce(chat, '{}'), '$.title', ?1), updated_at = ?2 WHERE id = ?3 AND \
     user_id = ?4"
}
