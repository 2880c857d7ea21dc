use keelson_domain::auth::Caller;
use keelson_domain::group::{Group, GroupChange, GroupId};

use super::{GroupError, Groups};

/// Whether a group may be shared with; it may unless its data says otherwise.
fn shared(group: &Group) -> bool {
    let switch = group.data.as_ref().map(|data| &data["config"]["share"]);
    switch.and_then(serde_json::Value::as_bool).unwrap_or(true)
}

impl Groups {
    /// The groups that the caller is in, all for an administrator, each with how many members it has; `share` leaves only
    /// those that may, or may not, be shared with.
    ///
    /// # Errors
    /// [`GroupError::Denied`].
    pub async fn list(&self, caller: &Caller, share: Option<bool>) -> Result<Vec<(Group, i64)>, GroupError> {
        let access = self.access.of(caller).await?;
        access.require_verified()?;
        let mut all = self.repository.list().await?;
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
    /// [`GroupError::Denied`], [`GroupError::NotFound`].
    pub async fn get(&self, caller: &Caller, id: &GroupId) -> Result<(Group, i64), GroupError> {
        self.require_administrator(caller).await?;
        self.find(id).await
    }

    pub(super) async fn find(&self, id: &GroupId) -> Result<(Group, i64), GroupError> {
        self.repository.find(id).await?.ok_or(GroupError::NotFound)
    }

    /// Makes a group without members.
    ///
    /// # Errors
    /// [`GroupError::Denied`].
    pub async fn create(&self, caller: &Caller, form: GroupChange) -> Result<(Group, i64), GroupError> {
        self.require_administrator(caller).await?;
        let now = self.clock.now();
        let group = Group {
            id: GroupId::new(self.ids.uuid().to_string()),
            owner: caller.id().clone(),
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
    /// [`GroupError::Denied`], [`GroupError::NotFound`].
    pub async fn update(
        &self,
        caller: &Caller,
        id: &GroupId,
        change: GroupChange,
    ) -> Result<(Group, i64), GroupError> {
        self.require_administrator(caller).await?;
        if !self.repository.update(id, &change, self.clock.now()).await? {
            return Err(GroupError::NotFound);
        }
        self.access.forget_all();
        self.find(id).await
    }

    /// Deletes a group; fine when there is none.
    ///
    /// # Errors
    /// [`GroupError::Denied`].
    pub async fn delete(&self, caller: &Caller, id: &GroupId) -> Result<(), GroupError> {
        self.require_administrator(caller).await?;
        self.repository.delete(id).await?;
        self.access.forget_all();
        Ok(())
    }

    pub(super) async fn require_administrator(&self, caller: &Caller) -> Result<(), GroupError> {
        Ok(self.access.of(caller).await?.require_administrator()?)
    }
}
