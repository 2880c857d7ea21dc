use async_trait::async_trait;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;
use keelson_domain::access::OwnerScope;
use keelson_domain::evaluation::{
    Feedback, FeedbackChange, FeedbackHead, FeedbackId, FeedbackOrder, FeedbackQuery, FeedbackRepository,
    FeedbackSummary,
};
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_persistence_kit::schema::feedback;
use keelson_persistence_kit::{Condition, failed};
use serde_json::Value;

use super::row::{FeedbackChangeRow, FeedbackHeadRow, FeedbackRow, FeedbackSummaryRow};
use super::{Database, RunQueryDsl, dialect};

/// Feedback in the table `feedback`.
pub(super) struct FeedbackStore(Database);

impl FeedbackStore {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

/// Whether a row is one of these owners'.
fn belongs_to(owners: &OwnerScope) -> Condition {
    match owners {
        OwnerScope::Everyone => Condition::sql("1 = 1"),
        OwnerScope::Of(owner) => Condition::sql("feedback.user_id = ").and_text(owner.as_str()),
    }
}

/// Whether the account of a row exists.
fn has_account() -> Condition {
    Condition::sql("EXISTS (SELECT 1 FROM \"user\" WHERE \"user\".id = feedback.user_id)")
}

/// The order of a page in SQL; the backends disagree about where `NULL` stands when it is not said.
fn order_by(query: &FeedbackQuery) -> String {
    let key = match query.order {
        FeedbackOrder::CreatedAt => "feedback.created_at".to_owned(),
        FeedbackOrder::UpdatedAt => "feedback.updated_at".to_owned(),
        FeedbackOrder::OwnerName => {
            "(SELECT \"user\".name FROM \"user\" WHERE \"user\".id = feedback.user_id)".to_owned()
        }
        FeedbackOrder::Model => dialect::json_text("feedback.data", "model_id"),
        FeedbackOrder::Rating => dialect::json_integer("feedback.data", "rating"),
    };
    let direction = if query.ascending { "ASC" } else { "DESC" };
    format!("{key} {direction} NULLS LAST")
}

#[async_trait]
impl FeedbackRepository for FeedbackStore {
    async fn list(&self, owners: &OwnerScope) -> StoreResult<Vec<FeedbackSummary>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<FeedbackSummaryRow> = feedback::table
            .filter(belongs_to(owners))
            .order((feedback::updated_at.desc(), feedback::id.asc()))
            .select(FeedbackSummaryRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("feedback"))?;
        Ok(rows.into_iter().map(FeedbackSummaryRow::into_domain).collect())
    }

    async fn heads(&self) -> StoreResult<Vec<FeedbackHead>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<FeedbackHeadRow> = feedback::table
            .order((feedback::updated_at.desc(), feedback::id.asc()))
            .select(FeedbackHeadRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("feedback"))?;
        Ok(rows.into_iter().map(FeedbackHead::from).collect())
    }

    async fn export(&self) -> StoreResult<Vec<Feedback>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<FeedbackRow> = feedback::table
            .order((feedback::updated_at.desc(), feedback::id.asc()))
            .select(FeedbackRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("feedback"))?;
        Ok(rows.into_iter().map(FeedbackRow::into_domain).collect())
    }

    async fn page(&self, query: &FeedbackQuery) -> StoreResult<(Vec<FeedbackSummary>, i64)> {
        let mut connection = self.0.read().await?;
        let total: i64 = feedback::table
            .filter(has_account())
            .count()
            .get_result(&mut connection)
            .await
            .map_err(failed("feedback"))?;
        let rows: Vec<FeedbackSummaryRow> = feedback::table
            .filter(has_account())
            .order((sql::<Text>(&order_by(query)), feedback::id.asc()))
            .offset(query.skip)
            .limit(query.limit)
            .select(FeedbackSummaryRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("feedback"))?;
        Ok((
            rows.into_iter().map(FeedbackSummaryRow::into_domain).collect(),
            total,
        ))
    }

    async fn find(&self, owners: &OwnerScope, id: &FeedbackId) -> StoreResult<Option<Feedback>> {
        let mut connection = self.0.read().await?;
        let row: Option<FeedbackRow> = feedback::table
            .find(id.as_str())
            .filter(belongs_to(owners))
            .select(FeedbackRow::as_select())
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("feedback"))?;
        Ok(row.map(FeedbackRow::into_domain))
    }

    async fn insert(&self, new: &Feedback) -> StoreResult<()> {
        let mut connection = self.0.write().await?;
        diesel::insert_into(feedback::table)
            .values(FeedbackRow::from(new))
            .execute(&mut connection)
            .await
            .map(drop)
            .map_err(failed("feedback"))
    }

    async fn update(
        &self,
        owners: &OwnerScope,
        id: &FeedbackId,
        change: &FeedbackChange,
        now: Timestamp,
    ) -> StoreResult<Option<Feedback>> {
        let mut connection = self.0.write().await?;
        let change = change.clone();
        let target = feedback::table.find(id.as_str()).filter(belongs_to(owners));
        let row: Option<FeedbackRow> = diesel::update(target)
            .set(FeedbackChangeRow {
                data: change.data.map(Value::Object),
                meta: change.meta.map(Value::Object),
                snapshot: change.snapshot.map(Value::Object),
                updated_at: now.seconds(),
            })
            .returning(FeedbackRow::as_returning())
            .get_result(&mut connection)
            .await
            .optional()
            .map_err(failed("feedback"))?;
        Ok(row.map(FeedbackRow::into_domain))
    }

    async fn delete(&self, owners: &OwnerScope, id: &FeedbackId) -> StoreResult<bool> {
        let mut connection = self.0.write().await?;
        let target = feedback::table.find(id.as_str()).filter(belongs_to(owners));
        diesel::delete(target)
            .execute(&mut connection)
            .await
            .map(|deleted| deleted > 0)
            .map_err(failed("feedback"))
    }

    async fn delete_all(&self, owners: &OwnerScope) -> StoreResult<bool> {
        let mut connection = self.0.write().await?;
        diesel::delete(feedback::table.filter(belongs_to(owners)))
            .execute(&mut connection)
            .await
            .map(|deleted| deleted > 0)
            .map_err(failed("feedback"))
    }
}
