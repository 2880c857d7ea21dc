//! Memories: facts about users that models are told.

mod entity;
mod ports;

pub use entity::Memory;
pub use ports::MemoryRepository;

crate::text_id! {
    /// Identifies a memory.
    MemoryId
}
