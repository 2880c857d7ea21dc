//! Functions: Python that extends the server itself; filters, pipes and actions.

mod entity;
mod ports;

use crate::shared::TextId;

pub use entity::{Function, FunctionKind, UnknownFunctionKind};
pub use ports::{FunctionPorts, FunctionRepository};

/// Identifies a function; chosen by its author.
pub type FunctionId = TextId<Function>;
