//! Rows of what people share: `tool`, `function`, `prompt`, `knowledge`, `file`, `note`, `memory`, `channel`,
//! `model`.

mod channels;
mod memories;
mod models;
mod notes;
mod shared;
mod shared_rows;

#[cfg(feature = "postgres")]
pub use postgres::*;
#[cfg(feature = "sqlite")]
pub use sqlite::*;

#[cfg(feature = "sqlite")]
mod sqlite {
    pub use crate::channels::SqliteChannels;
    pub use crate::memories::SqliteMemories;
    pub use crate::models::SqliteModels;
    pub use crate::notes::SqliteNotes;
    pub use crate::shared::SqliteShared;
}

#[cfg(feature = "postgres")]
mod postgres {
    pub use crate::channels::PgChannels;
    pub use crate::memories::PgMemories;
    pub use crate::models::PgModels;
    pub use crate::notes::PgNotes;
    pub use crate::shared::PgShared;
}
