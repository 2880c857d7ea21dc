use std::collections::HashSet;
use std::fmt::Display;
use std::sync::{Mutex, PoisonError};

use keelson_domain::shared::{StoreError, StoreResult, json};
use serde_json::{Map, Value};

use crate::{DateColumn, JsonColumn};

/// Decodes the columns of one row. A cell that cannot be read counts as no value, so that one bad cell takes no list
/// down: a warning names its table, column and row, and never the data itself.
#[derive(Clone, Copy)]
pub struct RowDecoder<'r> {
    table: &'static str,
    key: &'r str,
}

impl<'r> RowDecoder<'r> {
    /// For the row of a table with this key.
    pub fn new(table: &'static str, key: &'r str) -> Self {
        Self { table, key }
    }

    /// A JSON column; a JSON `null` means the same as no value.
    pub fn json(&self, column: &'static str, stored: Option<JsonColumn>) -> Option<Value> {
        let value = self.readable(column, stored?.into_value())?;
        Some(value).filter(|value| !value.is_null())
    }

    /// A JSON column that holds an object; no value means an empty one.
    pub fn object(&self, column: &'static str, stored: Option<JsonColumn>) -> Map<String, Value> {
        let value = self.json(column, stored);
        self.fields(column, value)
    }

    /// A JSON column that holds an object, and that nothing may stand in for.
    ///
    /// # Errors
    /// When it holds anything else.
    pub fn required_object(
        &self,
        column: &'static str,
        stored: JsonColumn,
    ) -> StoreResult<Map<String, Value>> {
        match stored.into_value() {
            Ok(Value::Null) => Ok(Map::new()),
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(_) => Err(self.error(column, NO_OBJECT)),
            Err(reason) => Err(self.error(column, reason)),
        }
    }

    /// The column with the rules of who may do what; no value means that there are none. Rules that cannot be read let
    /// nobody in but the owner, and administrators.
    pub fn access_rules(&self, stored: Option<JsonColumn>) -> Option<Value> {
        match self.readable("access_control", stored?.into_value()) {
            Some(Value::Null) => None,
            Some(rules @ Value::Object(_)) => Some(rules),
            Some(_) => {
                self.warn("access_control", NO_OBJECT);
                Some(Value::Object(Map::new()))
            }
            None => Some(Value::Object(Map::new())),
        }
    }

    /// JSON kept in a text column.
    pub fn json_text(&self, column: &'static str, text: &str) -> Option<Value> {
        self.readable(column, json::read(text.as_bytes()))
    }

    /// A JSON object kept in a text column; `null` means an empty one.
    pub fn object_text(&self, column: &'static str, text: &str) -> Map<String, Value> {
        let value = self.json_text(column, text);
        self.fields(column, value.filter(|value| !value.is_null()))
    }

    /// A column with a day.
    pub fn date(&self, column: &'static str, stored: Option<DateColumn>) -> Option<String> {
        let date = self.readable(column, stored?.into_date())?;
        Some(date.to_string())
    }

    /// A text column that the domain checks: one of a few words, a name, a title. None for what it refuses: whoever asks
    /// says what stands in for it, so that the row stays. The refusal is logged, and must not repeat what is stored.
    pub fn checked<T, E: Display>(&self, column: &'static str, read: Result<T, E>) -> Option<T> {
        self.readable(column, read)
    }

    fn fields(&self, column: &'static str, value: Option<Value>) -> Map<String, Value> {
        match value {
            None => Map::new(),
            Some(Value::Object(fields)) => fields,
            Some(_) => {
                self.warn(column, NO_OBJECT);
                Map::new()
            }
        }
    }

    fn readable<T, E: Display>(&self, column: &'static str, read: Result<T, E>) -> Option<T> {
        read.map_err(|reason| self.warn(column, &reason.to_string())).ok()
    }

    fn error(&self, column: &'static str, reason: impl Into<String>) -> StoreError {
        StoreError::Inconsistent {
            table: self.table,
            column: Some(column.to_owned()),
            row: Some(self.key.to_owned()),
            reason: reason.into(),
        }
    }

    /// Warns of a cell, once while the process lives.
    fn warn(&self, column: &'static str, reason: &str) {
        static WARNED: Mutex<Option<HashSet<String>>> = Mutex::new(None);
        let mut warned = WARNED.lock().unwrap_or_else(PoisonError::into_inner);
        if is_new(
            warned.get_or_insert_default(),
            format!("{}.{column} {}", self.table, self.key),
        ) {
            tracing::warn!(
                table = self.table,
                column,
                row = self.key,
                reason,
                "a stored value cannot be read and is left out"
            );
        }
    }
}

const NO_OBJECT: &str = "it is no JSON object";

/// Cells that are remembered to have been warned of; beyond them it begins anew.
const REMEMBERED: usize = 10_000;

fn is_new(seen: &mut HashSet<String>, cell: String) -> bool {
    if seen.len() >= REMEMBERED {
        seen.clear();
    }
    seen.insert(cell)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let row = RowDecoder::new("model", "m1");
        for text in ["{oops", "", "[1]", "5", "\"{}\"", "true", "NaN", "null"] {
            assert_eq!(row.object_text("params", text), Map::new(), "{text}");
        }
        for text in ["{oops", "", "{\"a\":", "nan"] {
            assert_eq!(row.json_text("meta", text), None, "{text}");
        }
        for text in ["", "maybe", "TRUE", "true ", "1", "tru", "\0", "true,false"] {
            assert_eq!(row.checked("is_active", text.parse::<bool>()), None, "{text}");
        }
        assert_eq!(row.checked("is_active", "true".parse::<bool>()), Some(true));
        let day = NaiveDate::from_ymd_opt(2000, 2, 29).map(DateColumn::from);
        assert_eq!(row.date("born", day).as_deref(), Some("2000-02-29"));
    }

    #[test]
    fn null_is_no_value() {
        let row = RowDecoder::new("chat", "c1");
        let null = || Some(JsonColumn::from(Value::Null));
        assert_eq!(row.json("meta", null()), None);
        assert_eq!(row.json("meta", None), None);
        assert_eq!(row.object("meta", null()), Map::new());
        assert_eq!(row.object_text("meta", "null"), Map::new());
        let kept = row.object("meta", Some(json!({"a": null}).into()));
        assert_eq!(kept, Map::from_iter([("a".to_owned(), Value::Null)]));
    }

    #[test]
    fn rules_that_are_none_let_nobody_in() {
        let row = RowDecoder::new("note", "n1");
        assert_eq!(row.access_rules(None), None);
        assert_eq!(row.access_rules(Some(Value::Null.into())), None);
        for wrong in [
            json!([]),
            json!("read"),
            json!(5),
            json!(true),
            json!(false),
            json!(""),
        ] {
            assert_eq!(
                row.access_rules(Some(wrong.clone().into())),
                Some(json!({})),
                "{wrong}"
            );
        }
        let rules = json!({"read": {"user_ids": ["u"]}});
        assert_eq!(row.access_rules(Some(rules.clone().into())), Some(rules));
    }

    #[test]
    fn what_nothing_stands_in_for_names_its_place() {
        let row = RowDecoder::new("config", "7");
        for wrong in [json!([1]), json!("oops"), json!(0)] {
            let error = row.required_object("data", wrong.into()).expect_err("no object");
            assert_eq!(
                error.to_string(),
                "bad data in config.data of row 7: it is no JSON object"
            );
        }
        assert_eq!(
            row.required_object("data", Value::Null.into()).expect("fits"),
            Map::new()
        );
    }

    #[test]
    fn a_cell_is_warned_of_once() {
        let mut seen = HashSet::new();
        let told: Vec<bool> = ["a", "b", "a", "a", "c", "b"]
            .map(|cell| is_new(&mut seen, cell.to_owned()))
            .into();
        assert_eq!(told, [true, true, false, false, true, false]);
        for cell in 0..REMEMBERED {
            is_new(&mut seen, cell.to_string());
        }
        assert!(seen.len() <= REMEMBERED);
    }
}
