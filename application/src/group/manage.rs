use keelson_domain::auth::Caller;
use keelson_domain::group::{Group, GroupChange, GroupId};

use super::{GroupError, Groups};

/// Whether a group may be shared with; it may unless its data says otherwise.
fn shared(group: &Group) -> bool {
    let switch = group.data.as_ref().map(|data| &data["config"]["share"]);
    switch.and_then(serde_json::Value::as_bool).unwrap_or(true)
}

impl Groups {
    /// The groups that the caller is in, all for an admin, each with how many members it has; `share` leaves only
    /// those that may, or may not, be shared with.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self, caller: &Caller, share: Option<bool>) -> Result<Vec<(Group, i64)>, GroupError> {
        let mut all = self.repository.list().await?;
        let access = self.access.of(caller).await?;
        if !access.administers() {
            all.retain(|(group, _)| access.groups().contains(&group.id));
        }
        if let Some(wanted) = share {
            all.retain(|(group, _)| shared(group) == wanted);
        }
        Ok(all)
    }

    /// One group with how many members it has.
    ///
    /// # Errors
    /// [`GroupError::NotFound`].
    pub async fn get(&self, id: &GroupId) -> Result<(Group, i64), GroupError> {
        self.repository.find(id).await?.ok_or(GroupError::NotFound)
    }

    /// Makes a group without members.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn create(&self, admin: &Caller, form: GroupChange) -> Result<(Group, i64), GroupError> {
        let now = self.clock.now();
        let group = Group {
            id: GroupId::new(self.ids.uuid().to_string()),
            owner: admin.id().clone(),
            name: form.name,
            description: form.description,
            data: form.data,
            meta: None,
            permissions: form.permissions,
            created_at: now,
            updated_at: now,
        };
        self.repository.create(&group).await?;
        Ok((group, 0))
    }

    /// Changes a group.
    ///
    /// # Errors
    /// [`GroupError::NotFound`].
    pub async fn update(&self, id: &GroupId, change: GroupChange) -> Result<(Group, i64), GroupError> {
        if !self.repository.update(id, &change, self.clock.now()).await? {
            return Err(GroupError::NotFound);
        }
        self.access.forget_all();
        self.get(id).await
    }

    /// Deletes a group; fine when there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete(&self, id: &GroupId) -> Result<(), GroupError> {
        self.repository.delete(id).await?;
        self.access.forget_all();
        Ok(())
    }
}
