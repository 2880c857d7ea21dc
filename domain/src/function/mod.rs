//! Functions: Python that extends the server itself; filters, pipes and actions.

mod entity;
mod ports;

pub use entity::{Function, FunctionKind, UnknownFunctionKind};
pub use ports::FunctionRepository;

crate::text_id! {
    /// Identifies a function; chosen by its author.
    FunctionId
}
