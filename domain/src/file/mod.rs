//! Files that people upload.

mod entity;
mod ports;

use crate::shared::TextId;

pub use entity::File;
pub use ports::{FilePorts, FileRepository};

/// Identifies a file.
pub type FileId = TextId<File>;
