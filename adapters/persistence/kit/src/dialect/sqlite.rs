//! SQL of SQLite.

use diesel::QueryResult;
use keelson_domain::access::Scope;

use crate::{Condition, SqliteConnection};

/// Keeps others from changing a row until the transaction ends: nothing to do, the transaction holds the only write
/// lock of the database from its start.
///
/// # Errors
/// None; the signature is PostgreSQL's.
pub async fn lock_row(_connection: &mut SqliteConnection, _table: &str, _id: &str) -> QueryResult<()> {
    Ok(())
}

/// Keeps others from writing to a table until the transaction ends; see [`lock_row`].
///
/// # Errors
/// None; the signature is PostgreSQL's.
pub async fn lock_table(_connection: &mut SqliteConnection, _table: &str) -> QueryResult<()> {
    Ok(())
}

/// A JSON column as strict JSON: what is none would fail every statement that looks at it. `NULL` where it cannot be read.
pub fn as_json(column: &str) -> String {
    format!("(CASE WHEN json_valid({column}) THEN {column} ELSE keelson_json({column}) END)")
}

/// Whether the array at a key of a JSON column holds a text.
pub fn json_array_contains(column: &str, key: &str, text: &str) -> Condition {
    Condition::sql(format!(
        "EXISTS (SELECT 1 FROM json_each({}, '$.{key}') t WHERE typeof(t.key) = 'integer' AND t.value = ",
        as_json(column)
    ))
    .and_text(text)
    .and_sql(")")
}

/// Whether an object in the array at a key of a JSON column has a field with a text, whatever the case of either.
pub fn json_objects_contain(column: &str, key: &str, field: &str, text: &str) -> Condition {
    Condition::sql(format!(
        "EXISTS (SELECT 1 FROM json_each({}, '$.{key}') t \
         WHERE keelson_fold(CASE WHEN t.type = 'object' THEN json_extract(t.value, '$.{field}') END) = keelson_fold(",
        as_json(column)
    ))
    .and_text(text)
    .and_sql("))")
}

/// Whether the array at a key of a JSON column is empty or missing.
pub fn json_array_is_empty(column: &str, key: &str) -> Condition {
    Condition::sql(format!(
        "NOT EXISTS (SELECT 1 FROM json_each({}, '$.{key}'))",
        as_json(column)
    ))
}

/// The text at a key of a JSON column; `NULL` when it is missing.
pub fn json_text(column: &str, key: &str) -> String {
    format!("CAST(json_extract(CASE WHEN json_valid({column}) THEN {column} END, '$.{key}') AS TEXT)")
}

/// The whole number at a key of a JSON column, also one written as a text; `NULL` for anything else.
pub fn json_integer(column: &str, key: &str) -> String {
    let text = json_text(column, key);
    format!("(CASE WHEN CAST(CAST({text} AS INTEGER) AS TEXT) = {text} THEN CAST({text} AS INTEGER) END)")
}

/// Whether a text column holds a text, whatever the case of either.
pub fn contains_ignoring_case(column: &str, text: &str) -> Condition {
    Condition::sql(format!("keelson_contains({column}, "))
        .and_text(text)
        .and_sql(")")
}

/// Whether a text column holds a text and nothing else, whatever the case of either.
pub fn equals_ignoring_case(column: &str, text: &str) -> Condition {
    Condition::sql(format!("keelson_fold({column}) = keelson_fold("))
        .and_text(text)
        .and_sql(")")
}

/// Whether a JSON column holds nothing: `NULL`, or the JSON `null`.
pub fn json_is_unset(column: &str) -> Condition {
    Condition::sql(format!("({column} IS NULL OR {column} = 'null')"))
}

/// Whether a row of a table lies within a scope, by its columns `user_id` and `access_control`.
pub fn is_within(scope: &Scope, table: &str) -> Condition {
    super::scope::condition(scope, table, json_array_contains, json_is_unset)
}
