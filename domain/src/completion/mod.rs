//! One answer of a model: what is asked, what comes back, and how it is told.

mod events;

pub use events::ChatEvent;
