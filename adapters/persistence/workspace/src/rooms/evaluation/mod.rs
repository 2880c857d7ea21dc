//! Feedback on answers in the table `feedback`.

mod repository;
mod row;

use std::sync::Arc;

use keelson_domain::evaluation::EvaluationPorts;

use super::{Database, RunQueryDsl, dialect};
use repository::FeedbackStore;

/// The ports of this room over one database.
pub(super) fn ports(database: &Database) -> EvaluationPorts {
    EvaluationPorts {
        feedback: Arc::new(FeedbackStore::new(database.clone())),
    }
}
