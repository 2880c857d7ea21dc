use std::sync::Arc;
use std::time::Duration;

use keelson_domain::auth::{
    ApiKeyRepository, AuthMethod, Caller, Permissions, TokenRevocations, TokenSigner,
};
use keelson_domain::config::table;
use keelson_domain::group::GroupMembership;
use keelson_domain::shared::{Clock, Timestamp};
use keelson_domain::user::{Role, User, UserActivity, UserId, UserRepository};
use moka::sync::Cache;
use secrecy::SecretString;

use super::AuthError;
use crate::Ports;
use crate::config::Settings;

/// How long an account may be reused without asking the database. Changes made here are seen at once; those
/// made on other instances within this time.
const ACCOUNT_LIFE: Duration = Duration::from_secs(2);
/// Accounts kept at most.
const ACCOUNTS: u64 = 10_000;
/// An account's last sign of life is stored at most this often, in seconds.
const ACTIVITY_STEP: i64 = 60;

/// Turns a token or an API key into a [`Caller`].
pub struct Authenticator {
    clock: Arc<dyn Clock>,
    tokens: Arc<dyn TokenSigner>,
    revocations: Arc<dyn TokenRevocations>,
    api_keys: Arc<dyn ApiKeyRepository>,
    groups: Arc<dyn GroupMembership>,
    users: Arc<dyn UserRepository>,
    activity: Arc<dyn UserActivity>,
    settings: Arc<Settings>,
    accounts: Cache<UserId, Arc<User>>,
    seen: Cache<UserId, Timestamp>,
}

impl Authenticator {
    /// From the ports it needs.
    pub fn new(ports: &Ports, settings: Arc<Settings>) -> Self {
        Self {
            clock: ports.clock.clone(),
            tokens: ports.auth.tokens.clone(),
            revocations: ports.auth.revocations.clone(),
            api_keys: ports.auth.api_keys.clone(),
            groups: ports.group.membership.clone(),
            users: ports.user.repository.clone(),
            activity: ports.user.activity.clone(),
            settings,
            accounts: Cache::builder()
                .max_capacity(ACCOUNTS)
                .time_to_live(ACCOUNT_LIFE)
                .build(),
            seen: Cache::builder().max_capacity(ACCOUNTS).build(),
        }
    }

    /// The account behind a credential, whatever its role.
    ///
    /// # Errors
    /// [`AuthError::NotSignedIn`] when the credential is not valid or its account is gone;
    /// [`AuthError::ApiKeysNotAllowed`] when API keys are off or the account may not use them.
    pub async fn authenticate(&self, credential: &str) -> Result<Caller, AuthError> {
        let caller = if credential.starts_with("sk-") {
            self.by_api_key(credential).await?
        } else {
            self.by_token(credential).await?
        };
        self.note_activity(&caller.user);
        Ok(caller)
    }

    /// Forgets what is known of an account, after it was changed.
    pub fn forget(&self, user: &UserId) {
        self.accounts.invalidate(user);
    }

    async fn by_token(&self, token: &str) -> Result<Caller, AuthError> {
        let claims = self
            .tokens
            .verify(token, self.clock.now())
            .ok_or(AuthError::NotSignedIn)?;
        if let Some(id) = &claims.token_id
            && self.revocations.is_revoked(id).await?
        {
            return Err(AuthError::NotSignedIn);
        }
        let user = self.account(&claims.user).await?;
        Ok(Caller {
            user,
            method: AuthMethod::Token,
            credential: Some(SecretString::from(token)),
        })
    }

    async fn by_api_key(&self, key: &str) -> Result<Caller, AuthError> {
        let owner = self.api_keys.owner(key, self.clock.now()).await?;
        let owner = owner.ok_or(AuthError::NotSignedIn)?;
        let user = self.account(&owner).await?;
        if !self.may_use_keys(&user).await? {
            return Err(AuthError::ApiKeysNotAllowed);
        }
        if user.role == Role::Pending {
            return Err(AuthError::RoleNotAllowed);
        }
        Ok(Caller {
            user,
            method: AuthMethod::ApiKey,
            credential: Some(SecretString::from(key)),
        })
    }

    /// Whether keys are on, and the account still has the right to one; admins always have.
    async fn may_use_keys(&self, user: &User) -> Result<bool, AuthError> {
        let settings = self.settings.snapshot();
        if !settings.bool(&table::ENABLE_API_KEYS) {
            return Ok(false);
        }
        if user.role == Role::Admin {
            return Ok(true);
        }
        let groups = self.groups.of_user(&user.id).await?;
        let permissions = Permissions::new(
            settings.get(&table::USER_PERMISSIONS),
            groups.into_iter().filter_map(|group| group.permissions),
        );
        Ok(permissions.allow("features.api_keys"))
    }

    async fn account(&self, id: &UserId) -> Result<Arc<User>, AuthError> {
        if let Some(user) = self.accounts.get(id) {
            return Ok(user);
        }
        let user = Arc::new(self.users.find(id).await?.ok_or(AuthError::NotSignedIn)?);
        self.accounts.insert(id.clone(), user.clone());
        Ok(user)
    }

    /// Stores the sign of life, seldom and off the request's path.
    fn note_activity(&self, user: &User) {
        let now = self.clock.now();
        let last = self.seen.get(&user.id).unwrap_or(user.last_active_at);
        if now.seconds() - last.seconds() < ACTIVITY_STEP {
            return;
        }
        self.seen.insert(user.id.clone(), now);
        let (activity, id) = (self.activity.clone(), user.id.clone());
        crate::spawn::detached("user activity", async move { activity.touch(&id, now).await });
    }
}
