use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Json;
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
}

impl From<Value> for JsonColumn {
    fn from(value: Value) -> Self {
        Self(Ok(value))
    }
}

impl<DB> FromSql<Json, DB> for JsonColumn
where
    DB: Backend,
    Value: FromSql<Json, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(Value::from_sql(bytes).map_err(|error| error.to_string())))
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
