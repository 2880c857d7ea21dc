use keelson_domain::auth::Caller;

use super::{Connection, Realtime, RealtimeError};

/// How long after their last sign of life people count as active, in seconds: the reference's three minutes.
const ACTIVE_SECONDS: i64 = 180;

/// The longest model name that is kept; longer ones are no models.
const LONGEST_MODEL: usize = 256;

/// What is going on now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// Models in use, sorted.
    pub model_ids: Vec<String>,
    /// People active in the last three minutes.
    pub user_count: u64,
}

impl Realtime {
    /// What is going on now, for those who may know.
    ///
    /// # Errors
    /// [`RealtimeError::AdminsOnly`] when the count is not public.
    pub async fn usage(&self, caller: &Caller) -> Result<Usage, RealtimeError> {
        if !self.parts.public_user_count && !caller.is_admin() {
            return Err(RealtimeError::AdminsOnly);
        }
        let since = self.parts.clock.now().plus_seconds(-ACTIVE_SECONDS);
        Ok(Usage {
            model_ids: self.parts.presence.models_in_use().await?,
            user_count: self.parts.activity.count_since(since).await?,
        })
    }

    /// A page says that it uses a model; ignored unless its user is signed in.
    ///
    /// # Errors
    /// Only when a store fails.
    pub async fn use_model(&self, page: &dyn Connection, model: &str) -> Result<(), RealtimeError> {
        if model.len() <= LONGEST_MODEL {
            self.parts.presence.use_model(&page.id(), model).await?;
        }
        Ok(())
    }
}
