use std::sync::Arc;

use keelson_domain::evaluation::FeedbackRepository;

/// The ports of evaluations.
#[derive(Clone)]
pub struct EvaluationPorts {
    /// Feedback on answers.
    pub feedback: Arc<dyn FeedbackRepository>,
}
