use std::sync::Arc;
use std::time::Duration;

use keelson_domain::access::Permission;
use keelson_domain::auth::{
    ApiKeyRepository, AuthMethod, Caller, Claims, TokenCutoff, TokenCutoffs, TokenRevocations, TokenSigner,
};
use keelson_domain::config::{Deployment, table};
use keelson_domain::shared::{Clock, StoreResult, Timestamp};
use keelson_domain::user::{User, UserActivity, UserId, UserRepository};
use moka::sync::Cache;
use secrecy::SecretString;

use super::AuthError;
use crate::Ports;
use crate::access::AccessControl;
use crate::config::Settings;

/// How long an account may be reused without asking the database. Changes made here are seen at once; those
/// made on other instances within this time.
const ACCOUNT_LIFE: Duration = Duration::from_secs(2);
/// Accounts kept at most.
const ACCOUNTS: u64 = 10_000;

/// What is known of an account for a while.
#[derive(Clone)]
struct Account {
    user: Arc<User>,
    cutoff: Option<Arc<TokenCutoff>>,
}

/// Turns a token or an API key into a [`Caller`].
pub struct Authenticator {
    clock: Arc<dyn Clock>,
    tokens: Arc<dyn TokenSigner>,
    revocations: Arc<dyn TokenRevocations>,
    api_keys: Arc<dyn ApiKeyRepository>,
    access: Arc<AccessControl>,
    users: Arc<dyn UserRepository>,
    activity: Arc<dyn UserActivity>,
    settings: Arc<Settings>,
    /// How often an account's last sign of life is stored at most.
    activity_interval: Duration,
    cutoffs: Arc<dyn TokenCutoffs>,
    accounts: Cache<UserId, Account>,
    seen: Cache<UserId, Timestamp>,
}

impl Authenticator {
    /// From the ports it needs.
    pub fn new(
        ports: &Ports,
        access: Arc<AccessControl>,
        settings: Arc<Settings>,
        deployment: &Deployment,
    ) -> Self {
        Self {
            clock: ports.clock.clone(),
            tokens: ports.auth.tokens.clone(),
            revocations: ports.auth.revocations.clone(),
            api_keys: ports.identity.api_keys.clone(),
            access,
            users: ports.identity.user.repository.clone(),
            activity: ports.identity.user.activity.clone(),
            settings,
            cutoffs: ports.identity.cutoffs.clone(),
            activity_interval: deployment.auth.activity_interval,
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

    /// What a valid token says.
    pub(crate) fn read_claims(&self, token: &str) -> Option<Claims> {
        self.tokens.verify(token, self.clock.now())
    }

    /// Ends the sign-ins of an account, but that of a token, by its id, if one is kept. The caller disconnects whom they let in.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn end_sign_ins(&self, user: &UserId, kept: Option<String>) -> StoreResult<()> {
        let since = self.clock.now();
        self.cutoffs.set(user, &TokenCutoff { since, kept }).await?;
        self.forget(user);
        Ok(())
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
        let Account { user, cutoff } = self.account(&claims.user).await?;
        if cutoff.is_some_and(|cutoff| !cutoff.admits(&claims)) {
            return Err(AuthError::NotSignedIn);
        }
        let credential = Some(SecretString::from(token));
        Ok(Caller::new(user, AuthMethod::Token, credential))
    }

    async fn by_api_key(&self, key: &str) -> Result<Caller, AuthError> {
        let owner = self.api_keys.owner(key, self.clock.now()).await?;
        let owner = owner.ok_or(AuthError::NotSignedIn)?;
        let user = self.account(&owner).await?.user;
        let caller = Caller::new(user, AuthMethod::ApiKey, Some(SecretString::from(key)));
        let access = self.access.of(&caller).await?;
        if !self.settings.current().bool(&table::ENABLE_API_KEYS)
            || !access.allows(Permission::FeaturesApiKeys)
        {
            return Err(AuthError::ApiKeysNotAllowed);
        }
        if !access.is_verified() {
            return Err(AuthError::RoleNotAllowed);
        }
        Ok(caller)
    }

    async fn account(&self, id: &UserId) -> Result<Account, AuthError> {
        if let Some(account) = self.accounts.get(id) {
            return Ok(account);
        }
        let account = Account {
            user: Arc::new(self.users.find(id).await?.ok_or(AuthError::NotSignedIn)?),
            cutoff: self.cutoffs.find(id).await?.map(Arc::new),
        };
        self.accounts.insert(id.clone(), account.clone());
        Ok(account)
    }

    /// Stores the sign of life, seldom and off the request's path.
    fn note_activity(&self, user: &User) {
        let now = self.clock.now();
        let last = self.seen.get(&user.id).unwrap_or(user.last_active_at);
        let interval = i64::try_from(self.activity_interval.as_nanos()).unwrap_or(i64::MAX);
        if now.nanos().saturating_sub(last.nanos()) < interval {
            return;
        }
        self.seen.insert(user.id.clone(), now);
        let (activity, id) = (self.activity.clone(), user.id.clone());
        crate::spawn::detached("user activity", async move { activity.touch(&id, now).await });
    }
}
