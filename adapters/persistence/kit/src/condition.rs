use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType, Text};

/// A condition in SQL that diesel has no words for, with texts bound into it. It goes into `filter` like any other.
#[derive(Debug, Clone, Default)]
pub struct Condition(Vec<Part>);

#[derive(Debug, Clone)]
enum Part {
    Sql(String),
    Text(String),
}

impl Condition {
    /// Begins with SQL.
    pub fn sql(sql: impl Into<String>) -> Self {
        Self::default().and_sql(sql)
    }

    /// Goes on with SQL.
    #[must_use]
    pub fn and_sql(mut self, sql: impl Into<String>) -> Self {
        self.0.push(Part::Sql(sql.into()));
        self
    }

    /// Goes on with a text, bound as a parameter.
    #[must_use]
    pub fn and_text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Part::Text(text.into()));
        self
    }

    /// This or the other.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        self.0.insert(0, Part::Sql("(".to_owned()));
        self.0.push(Part::Sql(" OR ".to_owned()));
        self.0.extend(other.0);
        self.0.push(Part::Sql(")".to_owned()));
        self
    }
}

impl Expression for Condition {
    type SqlType = Bool;
}

impl<QS> SelectableExpression<QS> for Condition {}

impl<QS> AppearsOnTable<QS> for Condition {}

impl ValidGrouping<()> for Condition {
    type IsAggregate = is_aggregate::Never;
}

impl QueryId for Condition {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB> QueryFragment<DB> for Condition
where
    DB: Backend + HasSqlType<Text>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        for part in &self.0 {
            match part {
                Part::Sql(sql) => out.push_sql(sql),
                Part::Text(text) => out.push_bind_param::<Text, _>(text)?,
            }
        }
        Ok(())
    }
}
