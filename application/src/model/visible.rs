use std::sync::Arc;

use keelson_domain::access::{Access, AccessRules, Right, Unset};
use keelson_domain::auth::Caller;
use keelson_domain::model::Model;
use serde_json::{Map, Value};

use super::catalog::{Base, Entry, Kind};
use super::{ModelError, Models};

/// Whose eyes a list is for.
pub(super) struct Eyes(Arc<Access>);

impl Eyes {
    pub(super) fn sees(&self, entry: &Entry) -> bool {
        self.0.sees_all_models()
            || match &entry.kind {
                Kind::Demo => true,
                // An arena that says nothing of access, such as the standard one, is for admins.
                Kind::Arena(meta) => meta.get("access_control").is_some_and(|rules| {
                    self.0
                        .is_granted(Right::Read, AccessRules::new(Some(rules), Unset::Public))
                }),
                Kind::Provider | Kind::Preset => self.sees_row(entry.row.as_deref()),
            }
    }

    fn sees_base(&self, base: &Base) -> bool {
        self.0.sees_all_models() || base.demo || self.sees_row(base.row.as_deref())
    }

    /// A provider's model of which the workspace says nothing is for admins.
    fn sees_row(&self, row: Option<&Model>) -> bool {
        row.is_some_and(|row| self.0.may(Right::Read, row))
    }
}

impl Models {
    /// What a caller may see.
    pub(super) async fn eyes(&self, caller: &Caller) -> Result<Eyes, ModelError> {
        Ok(Eyes(self.access.of(caller).await?))
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
