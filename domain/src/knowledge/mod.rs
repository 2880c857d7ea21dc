//! Knowledge: collections of files that models may look things up in.

mod entity;
mod ports;

pub use entity::Knowledge;
pub use ports::KnowledgeRepository;

crate::text_id! {
    /// Identifies a collection.
    KnowledgeId
}
