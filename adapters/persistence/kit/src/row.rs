use std::str::FromStr;

use keelson_domain::shared::{StoreError, StoreResult};
use serde_json::{Map, Value};

use crate::JsonColumn;

/// Decodes the columns of one row; what does not fit becomes an error that names table, column and row.
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

    /// An error about a column of this row. The reason never holds the data itself.
    pub fn error(&self, column: &'static str, reason: impl Into<String>) -> StoreError {
        StoreError::Inconsistent {
            table: self.table,
            column: Some(column.to_owned()),
            row: Some(self.key.to_owned()),
            reason: reason.into(),
        }
    }

    /// A JSON column; a JSON `null` means the same as no value.
    ///
    /// # Errors
    /// When it is no JSON.
    pub fn json(&self, column: &'static str, stored: Option<JsonColumn>) -> StoreResult<Option<Value>> {
        let Some(stored) = stored else { return Ok(None) };
        let value = stored.into_value().map_err(|reason| self.error(column, reason))?;
        Ok(Some(value).filter(|value| !value.is_null()))
    }

    /// A JSON column that holds an object; no value means an empty one.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn object(
        &self,
        column: &'static str,
        stored: Option<JsonColumn>,
    ) -> StoreResult<Map<String, Value>> {
        let value = self.json(column, stored)?;
        self.fields(column, value)
    }

    /// JSON kept in a text column.
    ///
    /// # Errors
    /// When it is no JSON.
    pub fn json_text(&self, column: &'static str, text: &str) -> StoreResult<Value> {
        serde_json::from_str(text).map_err(|error| self.error(column, error.to_string()))
    }

    /// A JSON object kept in a text column; `null` means an empty one.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn object_text(&self, column: &'static str, text: &str) -> StoreResult<Map<String, Value>> {
        let value = self.json_text(column, text)?;
        self.fields(column, Some(value).filter(|value| !value.is_null()))
    }

    /// A text column with a closed set of values; `allowed` names them.
    ///
    /// # Errors
    /// When it holds another.
    pub fn one_of<T: FromStr>(&self, column: &'static str, text: &str, allowed: &str) -> StoreResult<T> {
        text.parse()
            .map_err(|_| self.error(column, format!("it is none of {allowed}")))
    }

    fn fields(&self, column: &'static str, value: Option<Value>) -> StoreResult<Map<String, Value>> {
        match value {
            None => Ok(Map::new()),
            Some(Value::Object(fields)) => Ok(fields),
            Some(_) => Err(self.error(column, "it is no JSON object")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn message(error: StoreError) -> String {
        error.to_string()
    }

    #[test]
    fn errors_name_table_column_and_row() {
        let row = RowDecoder::new("model", "m1");
        let text = row.object_text("meta", "{oops").expect_err("no JSON");
        let said = message(text);
        assert!(
            said.starts_with("bad data in model.meta of row m1: ") && !said.contains("oops"),
            "{said}"
        );
        let list = row.object_text("params", "[1]").expect_err("no object");
        assert_eq!(
            message(list),
            "bad data in model.params of row m1: it is no JSON object"
        );
        let role = row
            .one_of::<bool>("role", "maybe", "true, false")
            .expect_err("not in the set");
        assert_eq!(
            message(role),
            "bad data in model.role of row m1: it is none of true, false"
        );
    }

    #[test]
    fn null_is_no_value() {
        let row = RowDecoder::new("chat", "c1");
        let null = || Some(JsonColumn::from(Value::Null));
        assert_eq!(row.json("meta", null()).expect("fits"), None);
        assert_eq!(row.json("meta", None).expect("fits"), None);
        assert_eq!(row.object("meta", null()).expect("fits"), Map::new());
        assert_eq!(row.object_text("meta", "null").expect("fits"), Map::new());
        let kept = row.object("meta", Some(json!({"a": null}).into())).expect("fits");
        assert_eq!(kept, Map::from_iter([("a".to_owned(), Value::Null)]));
    }
}
