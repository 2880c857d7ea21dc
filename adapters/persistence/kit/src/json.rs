use chrono::NaiveDate;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{Date, Json, Text};
use keelson_domain::shared::json;
use serde_json::Value;

/// A JSON column as it was read: its value, or why it cannot be read. Decoding it never fails a query, for the driver
/// does not know which row it is at; [`crate::RowDecoder`] takes the value out, and names table, column and row.
#[derive(Debug, Clone, FromSqlRow, AsExpression)]
#[diesel(sql_type = Json)]
pub struct JsonColumn(Result<Value, String>);

impl JsonColumn {
    /// The value.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(crate) fn into_value(self) -> Result<Value, String> {
        self.0
    }

    fn of_text(text: &str) -> Self {
        match json::read(text.as_bytes()) {
            // `NaN` is no value, and must not mean what a stored `null` means: that everyone may read.
            Ok(Value::Null) if text.trim_ascii() != "null" => {
                Self(Err("it is a number that JSON lacks".to_owned()))
            }
            read => Self(read.map_err(|error| error.to_string())),
        }
    }
}

impl From<Value> for JsonColumn {
    fn from(value: Value) -> Self {
        Self(Ok(value))
    }
}

impl<DB> FromSql<Json, DB> for JsonColumn
where
    DB: Backend,
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(match String::from_sql(bytes) {
            Ok(text) => Self::of_text(&text),
            Err(error) => Self(Err(error.to_string())),
        })
    }
}

impl<DB> ToSql<Json, DB> for JsonColumn
where
    DB: Backend,
    Value: ToSql<Json, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        match &self.0 {
            Ok(value) => value.to_sql(out),
            Err(reason) => Err(reason.as_str().into()),
        }
    }
}

/// A column with a day as it was read, like [`JsonColumn`]: SQLite keeps days as text, whatever it is.
#[derive(Debug, Clone, FromSqlRow, AsExpression)]
#[diesel(sql_type = Date)]
pub struct DateColumn(Result<NaiveDate, String>);

impl DateColumn {
    /// The day.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(crate) fn into_date(self) -> Result<NaiveDate, String> {
        self.0
    }
}

impl From<NaiveDate> for DateColumn {
    fn from(date: NaiveDate) -> Self {
        Self(Ok(date))
    }
}

impl<DB> FromSql<Date, DB> for DateColumn
where
    DB: Backend,
    NaiveDate: FromSql<Date, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let read = NaiveDate::from_sql(bytes);
        Ok(Self(read.map_err(|_| "it is no day (YYYY-MM-DD)".to_owned())))
    }
}

impl<DB> ToSql<Date, DB> for DateColumn
where
    DB: Backend,
    NaiveDate: ToSql<Date, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        match &self.0 {
            Ok(date) => date.to_sql(out),
            Err(reason) => Err(reason.as_str().into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cell_is_null_only_where_null_is_stored() {
        for text in ["null", " null\n"] {
            assert_eq!(JsonColumn::of_text(text).into_value(), Ok(Value::Null), "{text}");
        }
        for text in [
            "NaN",
            "Infinity",
            "-Infinity",
            "1e400",
            " NaN ",
            "",
            "NULL",
            "\u{feff}NaN",
        ] {
            assert!(JsonColumn::of_text(text).into_value().is_err(), "{text}");
        }
        let within = JsonColumn::of_text(r#"{"a": NaN, "b": "\ud83d"}"#).into_value();
        assert_eq!(within, Ok(json!({"a": null, "b": ""})));
    }
}
