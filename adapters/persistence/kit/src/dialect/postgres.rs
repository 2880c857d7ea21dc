//! SQL of PostgreSQL.

use diesel::QueryResult;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;

use keelson_domain::access::Scope;

use crate::{Condition, PostgresConnection};

/// Keeps others from changing a row until the transaction ends.
///
/// # Errors
/// When the statement fails.
pub async fn lock_row(connection: &mut PostgresConnection, table: &str, id: &str) -> QueryResult<()> {
    diesel::sql_query(format!("SELECT 1 FROM \"{table}\" WHERE id = $1 FOR UPDATE"))
        .bind::<Text, _>(id)
        .execute(connection)
        .await
        .map(drop)
}

/// Keeps others from writing to a table until the transaction ends, also where there is no row to lock yet.
///
/// # Errors
/// When the statement fails.
pub async fn lock_table(connection: &mut PostgresConnection, table: &str) -> QueryResult<()> {
    diesel::sql_query(format!("LOCK TABLE \"{table}\" IN SHARE ROW EXCLUSIVE MODE"))
        .execute(connection)
        .await
        .map(drop)
}

/// A column with JSON as `jsonb`: what `jsonb` refuses would fail every statement that looks at it. `NULL` where it cannot
/// be read.
pub fn as_jsonb(column: &str) -> String {
    format!("keelson_jsonb({column}::text)")
}

/// The elements of the array at a key of a JSON column, as a set; none when it is missing.
fn json_array(column: &str, key: &str) -> String {
    // Strict, so that a text does not count as an array of one; silent, so that a missing key is no error.
    format!(
        "jsonb_path_query_array({}, 'strict $.{key}[*]', '{{}}', true)",
        as_jsonb(column)
    )
}

/// Whether the array at a key of a JSON column holds a text.
pub fn json_array_contains(column: &str, key: &str, text: &str) -> Condition {
    Condition::sql(format!(
        "EXISTS (SELECT 1 FROM jsonb_array_elements_text({}) t WHERE t = ",
        json_array(column, key)
    ))
    .and_text(text)
    .and_sql(")")
}

/// Whether an object in the array at a key of a JSON column has a field with a text, whatever the case of either.
pub fn json_objects_contain(column: &str, key: &str, field: &str, text: &str) -> Condition {
    Condition::sql(format!(
        "EXISTS (SELECT 1 FROM jsonb_array_elements({}) t WHERE lower(t ->> '{field}') = lower(",
        json_array(column, key)
    ))
    .and_text(text)
    .and_sql("))")
}

/// Whether the array at a key of a JSON column is empty or missing.
pub fn json_array_is_empty(column: &str, key: &str) -> Condition {
    Condition::sql(format!("jsonb_array_length({}) = 0", json_array(column, key)))
}

/// The text at a key of a JSON column; `NULL` when it is missing.
pub fn json_text(column: &str, key: &str) -> String {
    format!("({} ->> '{key}')", as_jsonb(column))
}

/// The whole number at a key of a JSON column, also one written as a text; `NULL` for anything else.
pub fn json_integer(column: &str, key: &str) -> String {
    let text = json_text(column, key);
    format!("(CASE WHEN {text} ~ '^(0|-?[1-9][0-9]{{0,17}})$' THEN {text}::bigint END)")
}

/// Whether a text column holds a text, whatever the case of either.
pub fn contains_ignoring_case(column: &str, text: &str) -> Condition {
    Condition::sql(format!("strpos(lower({column}), lower("))
        .and_text(text)
        .and_sql(")) > 0")
}

/// Whether a text column holds a text and nothing else, whatever the case of either.
pub fn equals_ignoring_case(column: &str, text: &str) -> Condition {
    Condition::sql(format!("lower({column}) = lower("))
        .and_text(text)
        .and_sql(")")
}

/// Whether a JSON column holds nothing: `NULL`, or the JSON `null`.
pub fn json_is_unset(column: &str) -> Condition {
    Condition::sql(format!("({column} IS NULL OR {column}::text = 'null')"))
}

/// Whether a row of a table lies within a scope, by its columns `user_id` and `access_control`.
pub fn is_within(scope: &Scope, table: &str) -> Condition {
    super::scope::condition(scope, table, json_array_contains, json_is_unset)
}
