//! Rights over what lies below a preset: asked when it is made, and whenever it is used.

use std::sync::Arc;

use keelson_domain::access::Permission;
use keelson_domain::auth::Caller;
use keelson_domain::model::{Model, ModelId};
use keelson_domain::user::UserId;

use super::catalog::{Catalog, CatalogEntry, EntryKind};
use super::resolve::{MAX_PRESET_DEPTH, find_provider_model};
use super::visibility::Visibility;
use super::{ModelError, Models};

impl Models {
    /// Whether a caller may use everything below an entry: the base of each preset must be the caller's to use, or the
    /// preset's owner must be the one who manages that base. So an administrator offers a preset without offering its
    /// base, and nobody else passes on what the caller may not use.
    ///
    /// # Errors
    /// [`ModelError::NotAllowed`].
    pub(super) async fn check_bases(
        &self,
        catalog: &Catalog,
        visibility: &Visibility,
        entry: &Arc<CatalogEntry>,
    ) -> Result<(), ModelError> {
        if visibility.is_unlimited() {
            return Ok(());
        }
        let mut entry = entry;
        for _ in 0..MAX_PRESET_DEPTH {
            let Some((preset, base)) = preset_and_base(entry) else {
                return Ok(());
            };
            let below = catalog.entry(base.as_str());
            let is_usable = below.is_some_and(|below| visibility.includes(below));
            if !is_usable && !self.lends(catalog, &preset.owner, base).await? {
                return Err(ModelError::NotAllowed);
            }
            match below {
                Some(below) => entry = below,
                None => return Ok(()),
            }
        }
        Err(ModelError::NotAllowed)
    }

    /// Whether a user may make a preset on a base: it can be chosen, ends at a provider's model, and the user may use all
    /// of it.
    ///
    /// # Errors
    /// [`ModelError::BaseNotAllowed`].
    pub(super) async fn check_base(
        &self,
        catalog: &Catalog,
        visibility: &Visibility,
        base: &ModelId,
    ) -> Result<(), ModelError> {
        let entry = catalog
            .entry(base.as_str())
            .filter(|entry| visibility.includes(entry) && find_provider_model(catalog, entry).is_some())
            .ok_or(ModelError::BaseNotAllowed)?;
        match self.check_bases(catalog, visibility, entry).await {
            Err(ModelError::NotAllowed) => Err(ModelError::BaseNotAllowed),
            checked => checked,
        }
    }

    /// Whether the owner of a preset manages its base: a provider's model only as an administrator. What is gone is
    /// nobody's, and no way to anything.
    async fn lends(&self, catalog: &Catalog, owner: &UserId, base: &ModelId) -> Result<bool, ModelError> {
        let preset = catalog.entry(base.as_str()).and_then(preset_and_base);
        if preset.is_none() && catalog.provider_model(base.as_str()).is_none() {
            return Ok(true);
        }
        let Some(owner) = self.users.find(owner).await? else {
            return Ok(false);
        };
        let access = self.access.of_user(&owner).await?;
        Ok(match preset {
            Some((preset, _)) => access.may_manage(preset.as_ref()),
            None => access.administers(),
        })
    }

    /// Refuses what a caller may not make of a model: everyone's without the permission to share so, the settings of a
    /// provider's model or a preset on what they may not use, unless they administer the workspace. `before` is the model
    /// as it is stored.
    ///
    /// # Errors
    /// [`ModelError::NotShareable`], [`ModelError::BaseNeeded`], [`ModelError::BaseNotAllowed`], [`ModelError::IdTaken`].
    pub(super) async fn check_model(
        &self,
        caller: &Caller,
        model: &Model,
        before: Option<&Model>,
    ) -> Result<(), ModelError> {
        let access = self.access.of(caller).await?;
        let becomes_public = model.is_public() && !before.is_some_and(Model::is_public);
        if becomes_public && !access.allows(Permission::SharingPublicModels) {
            return Err(ModelError::NotShareable);
        }
        if access.administers() {
            return Ok(());
        }
        let base = model.preset_base().ok_or(ModelError::BaseNeeded)?;
        if before.is_some_and(|before| before.preset_base() == Some(base)) {
            return Ok(());
        }
        let (catalog, visibility) = tokio::try_join!(self.load_catalog(caller), self.visibility(caller))?;
        let id = model.id.as_str();
        if before.is_none() && (catalog.entry(id).is_some() || catalog.provider_model(id).is_some()) {
            return Err(ModelError::IdTaken);
        }
        self.check_base(&catalog, &visibility, base).await
    }
}

/// The preset that an entry is, and the model that it stands on.
fn preset_and_base(entry: &Arc<CatalogEntry>) -> Option<(&Arc<Model>, &ModelId)> {
    match entry.kind {
        EntryKind::Preset => {
            let preset = entry.workspace_model.as_ref()?;
            Some((preset, preset.base.as_ref()?))
        }
        EntryKind::Provider | EntryKind::Demo | EntryKind::Arena(_) => None,
    }
}
