//! Completions: the events that an answer emits while it is generated.

mod events;

pub use events::ChatEvent;
