//! Memories: facts about users that models are told.

mod entity;
mod ports;

use crate::shared::TextId;

pub use entity::Memory;
pub use ports::{MemoryPorts, MemoryRepository};

/// Identifies a memory.
pub type MemoryId = TextId<Memory>;
