//! Files that people upload.

mod entity;
mod ports;

pub use entity::File;
pub use ports::{FileQuery, FileRepository};

crate::text_id! {
    /// Identifies a file.
    FileId
}
