//! Knowledge: collections of files that models may look things up in.

mod entity;
mod ports;

use crate::shared::TextId;

pub use entity::Knowledge;
pub use ports::{KnowledgePorts, KnowledgeRepository};

/// Identifies a collection.
pub type KnowledgeId = TextId<Knowledge>;
