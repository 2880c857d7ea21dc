use keelson_application::evaluation::SaveFeedback;
use keelson_domain::evaluation::FeedbackChange;
use poem_openapi::types::ToJSON;
use poem_openapi::{Object, Union};
use serde_json::{Map, Value};

use super::dto::{FeedbackMeta, RatedChat};
use crate::json::{Extra, Free, Text};

/// Feedback as its giver writes it.
#[derive(Object)]
pub(super) struct FeedbackForm {
    /// What it is: `rating`. Of stored feedback it stays.
    #[oai(rename = "type")]
    kind: String,
    /// What is said of the answer.
    data: Option<RatingData>,
    meta: Option<Free<FeedbackMeta>>,
    /// What was rated, as it is now.
    snapshot: Option<SnapshotData>,
}

/// What is said of an answer; clients may add fields of their own.
#[derive(Object)]
struct RatingData {
    /// How good it is: 1, or -1.
    rating: Option<Rating>,
    /// The model that gave it.
    model_id: Option<String>,
    /// The models that answered beside it.
    sibling_model_ids: Option<Vec<String>>,
    /// What is good or bad about it.
    reason: Option<String>,
    /// In words.
    comment: Option<String>,
    #[oai(flatten)]
    extra: Extra,
}

/// How good an answer is.
#[derive(Union)]
enum Rating {
    /// In words, or a number as a text.
    Text(Text),
    /// As a number.
    Number(i64),
}

/// What was rated, as it was then; clients may add fields of their own.
#[derive(Object)]
struct SnapshotData {
    chat: Option<Free<RatedChat>>,
    #[oai(flatten)]
    extra: Extra,
}

/// The fields of an object, those that were not sent as null.
fn fields(object: &impl ToJSON) -> Map<String, Value> {
    match object.to_json() {
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

impl From<FeedbackForm> for SaveFeedback {
    fn from(form: FeedbackForm) -> Self {
        Self {
            kind: form.kind,
            content: FeedbackChange {
                data: form.data.as_ref().map(fields),
                meta: form.meta.map(Free::into_fields),
                snapshot: form.snapshot.as_ref().map(fields),
            },
        }
    }
}
