use keelson_application::user::Owned;
use keelson_domain::evaluation::{Feedback, FeedbackHead, FeedbackSummary};
use keelson_domain::user::User;
use poem_openapi::Object;

use crate::json::{Column, Free, Nullable};

/// What is said of an answer.
pub(super) struct FeedbackData;

impl Column for FeedbackData {
    const NAME: &'static str = "FeedbackData";
    const DESCRIPTION: &'static str = "What is said of the answer: `rating`, `model_id`, `sibling_model_ids`, `reason`, `comment`, and what clients added.";
}

/// Where a rated answer stands.
pub(super) struct FeedbackMeta;

impl Column for FeedbackMeta {
    const NAME: &'static str = "FeedbackMeta";
    const DESCRIPTION: &'static str =
        "Where the answer stands: `chat_id`, `message_id`, `arena`, `tags`…; clients write what they show.";
}

/// What was rated.
pub(super) struct FeedbackSnapshot;

impl Column for FeedbackSnapshot {
    const NAME: &'static str = "FeedbackSnapshot";
    const DESCRIPTION: &'static str =
        "What was rated, as it was then: `chat`, with its messages, and what clients added.";
}

/// A chat with a rated answer.
pub(super) struct RatedChat;

impl Column for RatedChat {
    const NAME: &'static str = "RatedChat";
    const DESCRIPTION: &'static str = "The chat with the rated answer, as the client holds it.";
}

/// Whose feedback is, and from when.
#[derive(Object)]
#[oai(rename = "FeedbackIdResponse")]
pub(super) struct FeedbackHeadDto {
    /// Identity.
    id: String,
    /// Who gave it.
    user_id: String,
    /// When it was given, in seconds since 1970.
    created_at: i64,
    /// When it was last changed, in seconds since 1970.
    updated_at: i64,
}

impl From<FeedbackHead> for FeedbackHeadDto {
    fn from(head: FeedbackHead) -> Self {
        Self {
            id: head.id.into_string(),
            user_id: head.owner.into_string(),
            created_at: head.created_at.seconds(),
            updated_at: head.updated_at.seconds(),
        }
    }
}

/// Feedback without the snapshot of what was rated.
#[derive(Object)]
#[oai(rename = "FeedbackResponse")]
pub(super) struct FeedbackSummaryDto {
    #[oai(flatten)]
    head: FeedbackHeadDto,
    /// Version of its form.
    version: i64,
    /// What it is: `rating`.
    #[oai(rename = "type")]
    kind: String,
    data: Nullable<Free<FeedbackData>>,
    meta: Nullable<Free<FeedbackMeta>>,
}

impl From<FeedbackSummary> for FeedbackSummaryDto {
    fn from(summary: FeedbackSummary) -> Self {
        Self {
            head: summary.head.into(),
            version: summary.version,
            kind: summary.kind,
            data: summary.data.map(Free::from).into(),
            meta: summary.meta.map(Free::from).into(),
        }
    }
}

/// Feedback with everything.
#[derive(Object)]
#[oai(rename = "FeedbackModel")]
pub(super) struct FeedbackDto {
    #[oai(flatten)]
    summary: FeedbackSummaryDto,
    snapshot: Nullable<Free<FeedbackSnapshot>>,
}

impl From<Feedback> for FeedbackDto {
    fn from(feedback: Feedback) -> Self {
        Self {
            summary: feedback.summary.into(),
            snapshot: feedback.snapshot.map(Free::from).into(),
        }
    }
}

/// Feedback with who gave it.
#[derive(Object)]
#[oai(rename = "FeedbackUserResponse")]
pub(super) struct FeedbackListItem {
    #[oai(flatten)]
    summary: FeedbackSummaryDto,
    /// Who gave it; null in the caller's own list.
    user: Nullable<FeedbackOwner>,
}

impl From<FeedbackSummary> for FeedbackListItem {
    fn from(own: FeedbackSummary) -> Self {
        Self {
            summary: own.into(),
            user: Nullable(None),
        }
    }
}

impl From<Owned<FeedbackSummary>> for FeedbackListItem {
    fn from(owned: Owned<FeedbackSummary>) -> Self {
        Self {
            summary: owned.object.into(),
            user: owned.owner.map(FeedbackOwner::from).into(),
        }
    }
}

/// Who gave feedback.
#[derive(Object)]
struct FeedbackOwner {
    /// Identity.
    id: String,
    /// Display name.
    name: String,
    /// E-mail address.
    email: String,
    /// `admin`, `user` or `pending`.
    role: String,
    /// When they were last active, in seconds since 1970.
    last_active_at: i64,
    /// When the account was last changed, in seconds since 1970.
    updated_at: i64,
    /// When the account was made, in seconds since 1970.
    created_at: i64,
}

impl From<User> for FeedbackOwner {
    fn from(user: User) -> Self {
        Self {
            id: user.id.into_string(),
            name: user.name,
            email: user.email,
            role: user.role.as_str().to_owned(),
            last_active_at: user.last_active_at.seconds(),
            updated_at: user.updated_at.seconds(),
            created_at: user.created_at.seconds(),
        }
    }
}

/// A page of feedback.
#[derive(Object)]
#[oai(rename = "FeedbackListResponse")]
pub(super) struct FeedbackPage {
    items: Vec<FeedbackListItem>,
    /// How much there is on all pages.
    total: i64,
}

impl From<(Vec<Owned<FeedbackSummary>>, i64)> for FeedbackPage {
    fn from((page, total): (Vec<Owned<FeedbackSummary>>, i64)) -> Self {
        Self {
            items: page.into_iter().map(FeedbackListItem::from).collect(),
            total,
        }
    }
}
