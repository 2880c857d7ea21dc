//! Evaluations: what people think of answers.

mod entity;
mod ports;

pub use entity::{
    Feedback, FeedbackChange, FeedbackHead, FeedbackId, FeedbackOrder, FeedbackQuery, FeedbackSummary,
};
pub use ports::{EvaluationPorts, FeedbackRepository};
