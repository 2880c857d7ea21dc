//! Evaluations: what people think of answers.

mod change;
mod error;
mod list;

use std::sync::Arc;

use keelson_domain::evaluation::FeedbackRepository;
use keelson_domain::shared::{Clock, Ids};
use keelson_domain::user::UserRepository;

use crate::Ports;
use crate::access::AccessControl;

pub use change::SaveFeedback;
pub use error::EvaluationError;
pub use list::ListFeedback;

/// The use cases of the room.
pub struct Evaluations {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    feedback: Arc<dyn FeedbackRepository>,
    users: Arc<dyn UserRepository>,
    access: Arc<AccessControl>,
}

impl Evaluations {
    /// From the ports it needs.
    pub fn new(ports: &Ports, access: Arc<AccessControl>) -> Self {
        Self {
            clock: ports.clock.clone(),
            ids: ports.ids.clone(),
            feedback: ports.workspace.evaluation.feedback.clone(),
            users: ports.identity.user.repository.clone(),
            access,
        }
    }
}
