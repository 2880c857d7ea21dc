//! Tools: what models may call. Python of the workspace, and servers with an OpenAPI document.

mod entity;
mod ports;

pub use entity::Tool;
pub use ports::ToolRepository;

crate::text_id! {
    /// Identifies a tool; chosen by its author.
    ToolId
}
