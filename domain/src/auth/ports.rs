use async_trait::async_trait;
use secrecy::SecretString;

use crate::shared::{StoreResult, Timestamp};
use crate::user::{Role, User, UserId};

/// What a session token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Whose token it is (`id`).
    pub user: UserId,
    /// Names the token (`jti`), so that it can be revoked; old tokens have none.
    pub token_id: Option<String>,
    /// When it was issued (`iat`, whole seconds); the reference's tokens do not say.
    pub issued_at: Option<Timestamp>,
    /// When it ends (`exp`, whole seconds), if ever.
    pub expires_at: Option<Timestamp>,
}

/// Signs and checks session tokens (JWT, HS256).
pub trait TokenSigner: Send + Sync {
    /// Signs claims.
    fn sign(&self, claims: &Claims) -> String;
    /// The claims of a valid token that has not expired at `now`; none for any other text.
    fn verify(&self, token: &str, now: Timestamp) -> Option<Claims>;
}

/// Which tokens were revoked before their end.
#[async_trait]
pub trait TokenRevocations: Send + Sync {
    /// Revokes a token by its id until `until`; for good when none.
    async fn revoke(&self, token_id: &str, until: Option<Timestamp>) -> StoreResult<()>;
    /// Whether a token was revoked.
    async fn is_revoked(&self, token_id: &str) -> StoreResult<bool>;
}

/// Hashes passwords (bcrypt, `$2b$`). Slow by intent; runs off the async threads.
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// A hash of the first 72 bytes of a password.
    async fn hash(&self, password: &SecretString) -> StoreResult<String>;
    /// Whether a password fits a hash; a hash that cannot be read fits none. With no hash at all it takes as long
    /// and answers `false`, so that the time does not tell which accounts exist.
    async fn verify(&self, password: &SecretString, hash: Option<&str>) -> StoreResult<bool>;
}

/// Counts tries in a sliding window.
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Counts one try under `key` at `now`; `false` when there were too many.
    async fn allow(&self, key: &str, now: Timestamp) -> StoreResult<bool>;
}

/// How an account signs in by password.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Whose it is.
    pub user: UserId,
    /// bcrypt hash.
    pub password_hash: SecretString,
    /// Whether it may be used.
    pub active: bool,
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The account; its role is [`Role::Admin`] instead if it turns out to be the first of all.
    pub user: User,
    /// bcrypt hash.
    pub password_hash: SecretString,
    /// Refuses to make it unless it is the first of all.
    pub only_if_first: bool,
}

/// What became of a [`NewAccount`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Created {
    /// Made as the first account of all, as admin.
    First,
    /// Made with this role.
    Next(Role),
    /// Not made: there are others already.
    NotFirst,
    /// Not made: another account has this e-mail address.
    EmailTaken,
}

/// Makes and unmakes accounts: the user and the credential are one thing here.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Makes an account in one transaction that sees all others: of two first sign-ups at once only one becomes
    /// admin, and no e-mail address is taken twice, whatever its capitals.
    async fn create(&self, account: &NewAccount) -> StoreResult<Created>;
    /// The credential of an e-mail address (lower-cased), which may be stored with capitals; of several that differ in
    /// nothing else, the one that is stored just so, or else the eldest account's.
    async fn credential(&self, email: &str) -> StoreResult<Option<Credential>>;
    /// Replaces a password; `false` when the account has none.
    async fn set_password(&self, user: &UserId, hash: &SecretString) -> StoreResult<bool>;
    /// Moves an account to another e-mail address; `false` when that is taken, whatever its capitals.
    async fn set_email(&self, user: &UserId, email: &str) -> StoreResult<bool>;
    /// Deletes an account with what belongs to it alone (credential, chats and their shared copies, keys, memberships) in
    /// one transaction; `false` when there is none.
    async fn delete(&self, user: &UserId) -> StoreResult<bool>;
}

/// Keeps API keys: at most one an account.
#[async_trait]
pub trait ApiKeyRepository: Send + Sync {
    /// Whose key this is, if it is valid at `now`.
    async fn owner(&self, key: &str, now: Timestamp) -> StoreResult<Option<UserId>>;
    /// The account's key.
    async fn find(&self, user: &UserId) -> StoreResult<Option<String>>;
    /// Replaces the account's key.
    async fn replace(&self, user: &UserId, key: &str, now: Timestamp) -> StoreResult<()>;
    /// Deletes the account's key; fine when there is none.
    async fn delete(&self, user: &UserId) -> StoreResult<()>;
}
