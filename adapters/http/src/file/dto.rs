use keelson_domain::file::File;
use poem_openapi::Object;

use crate::json::{Column, Free, Nullable};

/// What was read out of the file: its status and, where asked for, its text.
pub(super) struct FileData;

impl Column for FileData {
    const NAME: &'static str = "FileData";
    const DESCRIPTION: &'static str =
        "What was read out of the file: its status and, where asked for, its text";
}

/// What is known of the file: name, content type, size and the collection that it is in.
pub(super) struct FileMeta;

impl Column for FileMeta {
    const NAME: &'static str = "FileMeta";
    const DESCRIPTION: &'static str =
        "What is known of the file: name, content type, size and the collection that it is in";
}

/// An uploaded file, without where it is stored.
#[derive(Object)]
#[oai(rename = "File")]
pub(super) struct FileDto {
    /// Identity.
    id: String,
    /// Who uploaded it.
    user_id: String,
    /// SHA-256 of the text in it, once that is known.
    hash: Nullable<String>,
    /// Name as uploaded.
    filename: String,
    data: Nullable<Free<FileData>>,
    meta: Nullable<Free<FileMeta>>,
    /// When it was made, in seconds since 1970.
    created_at: i64,
    /// When it was last changed, in seconds since 1970.
    updated_at: i64,
}

impl From<File> for FileDto {
    fn from(file: File) -> Self {
        Self {
            id: file.id.into_string(),
            user_id: file.owner.into_string(),
            hash: file.hash.into(),
            filename: file.filename,
            data: file.data.map(Free::from).into(),
            meta: file.meta.map(Free::from).into(),
            created_at: file.created_at.seconds(),
            updated_at: file.updated_at.seconds(),
        }
    }
}
