//! SQL functions of ours, which every connection to SQLite has. PostgreSQL folds the letters of every language itself, and
//! checks what goes into its JSON columns.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::sql_types::{Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteConnection, SqliteValue};
use diesel::{QueryResult, define_sql_function};
use keelson_domain::shared::json;

define_sql_function! {
    /// A text as it is compared where the case of letters does not matter, those of every language.
    fn keelson_fold(text: Nullable<Text>) -> Nullable<Text>;
}

define_sql_function! {
    /// Whether a text holds another, whatever the case of either.
    fn keelson_contains(text: Nullable<Text>, part: Nullable<Text>) -> Bool;
}

define_sql_function! {
    /// What a text means that is no strict JSON, as strict JSON; `NULL` when it means nothing.
    fn keelson_json(text: Nullable<Text>) -> Nullable<Text>;
}

/// A text as a cell holds it. Its bytes need not be UTF-8: an error for one row would fail the whole statement.
#[derive(Debug, FromSqlRow)]
struct CellText(String);

impl FromSql<Text, Sqlite> for CellText {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self(value.read_text().to_owned()))
    }
}

/// Gives a connection the functions.
///
/// # Errors
/// When SQLite refuses.
pub(crate) fn register(connection: &mut SqliteConnection) -> QueryResult<()> {
    keelson_fold_utils::register_impl(connection, |text: Option<CellText>| {
        text.map(|CellText(text)| fold(&text))
    })?;
    keelson_contains_utils::register_impl(connection, |text: Option<CellText>, part: Option<CellText>| {
        text.zip(part)
            .is_some_and(|(CellText(text), CellText(part))| contains(&text, &part))
    })?;
    keelson_json_utils::register_impl(connection, |text: Option<CellText>| {
        text.and_then(|CellText(text)| json::read(text.as_bytes()).ok())
            .map(|value| value.to_string())
    })
}

/// Every letter by itself, upper case first: so `ß` meets `SS`, and a sigma its form at the end of words.
fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .collect()
}

/// Takes time in proportion to both lengths; SQLite's `instr` multiplies them.
fn contains(text: &str, part: &str) -> bool {
    memchr::memmem::find(fold(text).as_bytes(), fold(part).as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::{contains, fold};

    #[test]
    fn parts_are_found_whatever_their_case() {
        for (text, part, is_in) in [
            ("Über Äpfel", "äPF", true),
            ("Über Äpfel", "apf", false),
            ("die STRASSE", "straße", true),
            ("", "", true),
            ("a", "", true),
            ("", "a", false),
            ("aab", "AB", true),
        ] {
            assert_eq!(contains(text, part), is_in, "{text} {part}");
        }
        // Naive search takes 10^11 steps for this.
        let (text, part) = ("a".repeat(1_000_000), "a".repeat(100_000) + "b");
        assert!(!contains(&text, &part));
    }

    #[test]
    fn case_does_not_matter_in_any_language() {
        for (one, other) in [
            ("Über Äpfel", "über äpfel"),
            ("Привет МИР", "привет мир"),
            ("ΟΔΟΣ", "οδος"),
            ("ΟΔΟΣ", "οδοσ"),
            ("STRASSE", "straße"),
            ("ÉCOLE", "école"),
            ("Đặng", "đẶNG"),
            ("ÇAĞ", "çağ"),
            ("ԲԱՐԵՎ", "բարեվ"),
            ("东京 Tower", "东京 tOWER"),
        ] {
            assert_eq!(fold(one), fold(other));
        }
        assert_ne!(fold("ä"), fold("a"));
    }
}
