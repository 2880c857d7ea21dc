//! Notes: documents that people write together.

mod error;
mod list;

use std::sync::Arc;

use keelson_domain::note::NoteRepository;
use keelson_domain::user::UserRepository;

use crate::Ports;
use crate::access::AccessControl;

pub use error::NoteError;

/// The use cases of the room.
pub struct Notes {
    repository: Arc<dyn NoteRepository>,
    users: Arc<dyn UserRepository>,
    access: Arc<AccessControl>,
}

impl Notes {
    /// From the ports it needs.
    pub fn new(ports: &Ports, access: Arc<AccessControl>) -> Self {
        Self {
            repository: ports.workspace.note.repository.clone(),
            users: ports.identity.user.repository.clone(),
            access,
        }
    }
}
