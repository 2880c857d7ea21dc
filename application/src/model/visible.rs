use std::sync::Arc;

use keelson_domain::auth::{AccessControl, Caller, Right};
use keelson_domain::model::Model;
use serde_json::{Map, Value};

use super::catalog::{Base, Entry, Kind};
use super::{ModelError, Models};

/// Whose eyes a list is for.
pub(super) struct Eyes<'c> {
    caller: &'c Caller,
    /// Everything is visible.
    all: bool,
    groups: Vec<String>,
}

impl Eyes<'_> {
    pub(super) fn sees(&self, entry: &Entry) -> bool {
        self.all
            || match &entry.kind {
                Kind::Demo => true,
                // An arena that says nothing of access, such as the standard one, is for admins.
                Kind::Arena(meta) => meta
                    .get("access_control")
                    .is_some_and(|rules| self.granted(Some(rules))),
                Kind::Provider | Kind::Preset => self.sees_row(entry.row.as_deref()),
            }
    }

    fn sees_base(&self, base: &Base) -> bool {
        self.all || base.demo || self.sees_row(base.row.as_deref())
    }

    /// A provider's model of which the workspace says nothing is for admins.
    fn sees_row(&self, row: Option<&Model>) -> bool {
        row.is_some_and(|row| row.owner == *self.caller.id() || self.granted(row.access_control.as_ref()))
    }

    fn granted(&self, rules: Option<&Value>) -> bool {
        AccessControl(rules).grants(Right::Read, self.caller.id(), &self.groups)
    }
}

impl Models {
    /// Whether nothing is hidden from a caller.
    pub(super) fn sees_all(&self, caller: &Caller) -> bool {
        let access = &self.deployment.access;
        access.bypass_model_access_control || (caller.is_admin() && access.bypass_admin_access_control)
    }

    /// What a caller may see; asks for the groups only where they count.
    pub(super) async fn eyes<'c>(&self, caller: &'c Caller) -> Result<Eyes<'c>, ModelError> {
        let all = self.sees_all(caller);
        let groups = if all {
            Vec::new()
        } else {
            self.group_ids(caller).await?
        };
        Ok(Eyes { caller, all, groups })
    }

    /// The ids of a caller's groups.
    pub(super) async fn group_ids(&self, caller: &Caller) -> Result<Vec<String>, ModelError> {
        let groups = self.groups.of_user(caller.id()).await?;
        Ok(groups.into_iter().map(|group| group.id.into_string()).collect())
    }

    /// The models that a caller may choose, in the admin's order.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn visible(&self, caller: &Caller) -> Result<Vec<Arc<Entry>>, ModelError> {
        let (catalog, eyes) = tokio::try_join!(self.catalog(caller), self.eyes(caller))?;
        Ok(catalog
            .entries
            .iter()
            .filter(|entry| eyes.sees(entry))
            .cloned()
            .collect())
    }

    /// The providers' models that a caller may use, without what the workspace adds.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn base(&self, caller: &Caller) -> Result<Vec<Map<String, Value>>, ModelError> {
        let (catalog, eyes) = tokio::try_join!(self.catalog(caller), self.eyes(caller))?;
        let seen = catalog.base.iter().filter(|base| eyes.sees_base(base));
        Ok(seen.map(|base| base.json.clone()).collect())
    }
}
