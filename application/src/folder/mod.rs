//! Folders of chats.

mod change;
mod error;

use std::collections::HashSet;
use std::sync::Arc;

use keelson_domain::access::Permission;
use keelson_domain::auth::Caller;
use keelson_domain::folder::{Folder, FolderId, FolderRepository};
use keelson_domain::shared::{Clock, Ids};

use crate::Ports;
use crate::access::AccessControl;
use crate::config::Settings;

pub use change::{NewFolder, UpdateFolder};
pub use error::FolderError;

/// The use cases of the room.
pub struct Folders {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    folders: Arc<dyn FolderRepository>,
    settings: Arc<Settings>,
    access: Arc<AccessControl>,
}

impl Folders {
    /// From the ports it needs.
    pub fn new(ports: &Ports, settings: Arc<Settings>, access: Arc<AccessControl>) -> Self {
        Self {
            clock: ports.clock.clone(),
            ids: ports.ids.clone(),
            folders: ports.conversations.folder.repository.clone(),
            settings,
            access,
        }
    }

    /// The caller's folders.
    ///
    /// # Errors
    /// [`FolderError::NotAllowed`] when folders are off, or off for the caller.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<Folder>, FolderError> {
        let on = self
            .settings
            .current()
            .bool(&keelson_domain::config::table::ENABLE_FOLDERS);
        if !on {
            return Err(FolderError::NotAllowed);
        }
        self.access
            .of(caller)
            .await?
            .require(Permission::FeaturesFolders)?;
        let mut folders = self.folders.list(caller.id()).await?;
        // Old data knows folders whose parent is gone; they stand at the top rather than nowhere.
        let ids: HashSet<FolderId> = folders.iter().map(|folder| folder.id.clone()).collect();
        for folder in &mut folders {
            folder.parent = folder.parent.take().filter(|parent| ids.contains(parent));
        }
        Ok(folders)
    }

    /// One of the caller's folders.
    ///
    /// # Errors
    /// [`FolderError::NotFound`].
    pub async fn get(&self, caller: &Caller, id: &FolderId) -> Result<Folder, FolderError> {
        self.folders
            .find(caller.id(), id)
            .await?
            .ok_or(FolderError::NotFound)
    }
}
