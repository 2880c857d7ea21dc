use diesel::prelude::*;
use keelson_domain::evaluation::{Feedback, FeedbackHead, FeedbackSummary};
use keelson_domain::shared::Timestamp;
use keelson_persistence_kit::{JsonColumn, RowDecoder, schema};
use serde_json::Value;

/// The part of a row of `feedback` that says whose it is.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = schema::feedback)]
pub(super) struct FeedbackHeadRow {
    id: String,
    user_id: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl From<FeedbackHeadRow> for FeedbackHead {
    fn from(row: FeedbackHeadRow) -> Self {
        Self {
            id: row.id.into(),
            owner: row.user_id.unwrap_or_default().into(),
            created_at: Timestamp::from_seconds(row.created_at),
            updated_at: Timestamp::from_seconds(row.updated_at),
        }
    }
}

impl From<&FeedbackHead> for FeedbackHeadRow {
    fn from(head: &FeedbackHead) -> Self {
        Self {
            id: head.id.to_string(),
            user_id: Some(head.owner.to_string()),
            created_at: head.created_at.seconds(),
            updated_at: head.updated_at.seconds(),
        }
    }
}

/// The part of a row of `feedback` that lists show.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = schema::feedback)]
pub(super) struct FeedbackSummaryRow {
    #[diesel(embed)]
    head: FeedbackHeadRow,
    version: Option<i64>,
    kind: Option<String>,
    data: Option<JsonColumn>,
    meta: Option<JsonColumn>,
}

impl FeedbackSummaryRow {
    pub(super) fn into_domain(self) -> FeedbackSummary {
        let row = RowDecoder::new("feedback", &self.head.id);
        FeedbackSummary {
            version: self.version.unwrap_or_default(),
            kind: self.kind.unwrap_or_default(),
            data: row.json("data", self.data),
            meta: row.json("meta", self.meta),
            head: self.head.into(),
        }
    }
}

impl From<&FeedbackSummary> for FeedbackSummaryRow {
    fn from(summary: &FeedbackSummary) -> Self {
        Self {
            head: (&summary.head).into(),
            version: Some(summary.version),
            kind: Some(summary.kind.clone()),
            data: summary.data.clone().map(JsonColumn::from),
            meta: summary.meta.clone().map(JsonColumn::from),
        }
    }
}

/// A row of `feedback`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = schema::feedback)]
pub(super) struct FeedbackRow {
    #[diesel(embed)]
    summary: FeedbackSummaryRow,
    snapshot: Option<JsonColumn>,
}

impl FeedbackRow {
    pub(super) fn into_domain(self) -> Feedback {
        let row = RowDecoder::new("feedback", &self.summary.head.id);
        Feedback {
            snapshot: row.json("snapshot", self.snapshot),
            summary: self.summary.into_domain(),
        }
    }
}

impl From<&Feedback> for FeedbackRow {
    fn from(feedback: &Feedback) -> Self {
        Self {
            summary: (&feedback.summary).into(),
            snapshot: feedback.snapshot.clone().map(JsonColumn::from),
        }
    }
}

/// What an update sets; `None` leaves a column alone.
#[derive(AsChangeset)]
#[diesel(table_name = schema::feedback)]
pub(super) struct FeedbackChangeRow {
    pub(super) data: Option<Value>,
    pub(super) meta: Option<Value>,
    pub(super) snapshot: Option<Value>,
    pub(super) updated_at: i64,
}
