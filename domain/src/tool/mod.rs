//! Tools: what models may call. Python of the workspace, and servers with an OpenAPI document.

mod entity;
mod ports;

use crate::shared::TextId;

pub use entity::Tool;
pub use ports::{ToolPorts, ToolRepository};

/// Identifies a tool; chosen by its author.
pub type ToolId = TextId<Tool>;
