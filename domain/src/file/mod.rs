//! Files that people upload.

mod entity;
mod ports;

pub use entity::File;
pub use ports::FileRepository;

crate::text_id! {
    /// Identifies a file.
    FileId
}
