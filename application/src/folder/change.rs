use keelson_domain::access::Permission;
use keelson_domain::auth::Caller;
use keelson_domain::chat::{strip_nulls, strip_nulls_in};
use keelson_domain::folder::{Folder, FolderChange, FolderId};
use serde_json::{Map, Value};

use super::{FolderError, Folders};

/// A folder to be created.
#[derive(Debug, Clone, Default)]
pub struct NewFolder {
    /// Name.
    pub name: String,
    /// The folder that it lies in.
    pub parent: Option<FolderId>,
    /// What chats in it start with.
    pub data: Option<Value>,
    /// How it looks.
    pub meta: Option<Value>,
}

/// What changes in a folder; what is `None` stays. Data and meta are merged at the top level.
#[derive(Debug, Clone, Default)]
pub struct UpdateFolder {
    /// Name.
    pub name: Option<String>,
    /// What chats in it start with.
    pub data: Option<Map<String, Value>>,
    /// How it looks.
    pub meta: Option<Map<String, Value>>,
}

impl NewFolder {
    /// PostgreSQL cannot keep null characters.
    fn without_nulls(mut self) -> Self {
        self.name = self.name.replace('\0', "");
        self.data.iter_mut().chain(&mut self.meta).for_each(strip_nulls);
        self
    }
}

impl UpdateFolder {
    /// PostgreSQL cannot keep null characters.
    fn without_nulls(mut self) -> Self {
        self.name = self.name.map(|name| name.replace('\0', ""));
        self.data
            .iter_mut()
            .chain(&mut self.meta)
            .for_each(strip_nulls_in);
        self
    }
}

fn merge(stored: Option<&Value>, fields: Option<Map<String, Value>>) -> Option<Value> {
    let fields = fields?;
    let mut all = stored.and_then(Value::as_object).cloned().unwrap_or_default();
    all.extend(fields);
    Some(Value::Object(all))
}

impl Folders {
    /// Creates a folder.
    ///
    /// # Errors
    /// [`FolderError::NoParent`], [`FolderError::NameTaken`].
    pub async fn create(&self, caller: &Caller, new: NewFolder) -> Result<Folder, FolderError> {
        let new = new.without_nulls();
        let now = self.clock.now();
        let folder = Folder {
            id: FolderId::new(self.ids.uuid().to_string()),
            parent: new.parent,
            owner: caller.id().clone(),
            name: new.name,
            items: None,
            meta: new.meta,
            data: new.data,
            is_expanded: false,
            created_at: now,
            updated_at: now,
        };
        self.folders.insert(&folder).await??;
        Ok(folder)
    }

    /// Changes a folder.
    ///
    /// # Errors
    /// [`FolderError::NotFound`], [`FolderError::NameTaken`].
    pub async fn update(
        &self,
        caller: &Caller,
        id: &FolderId,
        update: UpdateFolder,
    ) -> Result<Folder, FolderError> {
        let folder = self.get(caller, id).await?;
        let update = update.without_nulls();
        let change = FolderChange {
            name: update.name,
            data: merge(folder.data.as_ref(), update.data),
            meta: merge(folder.meta.as_ref(), update.meta),
            ..FolderChange::default()
        };
        self.apply(caller, id, &change).await
    }

    /// Moves a folder into another, or to the top.
    ///
    /// # Errors
    /// [`FolderError::NotFound`], [`FolderError::NoParent`], [`FolderError::NameTaken`], [`FolderError::InsideItself`].
    pub async fn move_to(
        &self,
        caller: &Caller,
        id: &FolderId,
        parent: Option<FolderId>,
    ) -> Result<Folder, FolderError> {
        let change = FolderChange {
            parent: Some(parent),
            ..FolderChange::default()
        };
        self.apply(caller, id, &change).await
    }

    /// Shows or hides in the list what is in a folder.
    ///
    /// # Errors
    /// [`FolderError::NotFound`].
    pub async fn expand(
        &self,
        caller: &Caller,
        id: &FolderId,
        expanded: bool,
    ) -> Result<Folder, FolderError> {
        let change = FolderChange {
            is_expanded: Some(expanded),
            ..FolderChange::default()
        };
        self.apply(caller, id, &change).await
    }

    /// Deletes a folder and all below it. The chats in them are deleted too, where `with_chats` says so and the caller
    /// may delete chats; else they lie in no folder then.
    ///
    /// # Errors
    /// [`FolderError::NotFound`], [`FolderError::NotAllowed`].
    pub async fn delete(&self, caller: &Caller, id: &FolderId, with_chats: bool) -> Result<(), FolderError> {
        self.get(caller, id).await?;
        if with_chats {
            self.access.of(caller).await?.require(Permission::ChatDelete)?;
        }
        match self.folders.delete(caller.id(), id, with_chats).await? {
            true => Ok(()),
            false => Err(FolderError::NotFound),
        }
    }

    async fn apply(
        &self,
        caller: &Caller,
        id: &FolderId,
        change: &FolderChange,
    ) -> Result<Folder, FolderError> {
        let folder = self
            .folders
            .update(caller.id(), id, change, self.clock.now())
            .await??;
        folder.ok_or(FolderError::NotFound)
    }
}
