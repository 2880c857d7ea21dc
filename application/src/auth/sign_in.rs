use std::sync::Arc;

use keelson_domain::access::administers;
use keelson_domain::auth::{Claims, EmailAddress};
use keelson_domain::config::table;
use keelson_domain::user::User;
use secrecy::SecretString;

use super::tries::Secret;
use super::{Auth, AuthError, Session, SignUp};

/// How someone proves who they are.
#[derive(Debug, Clone)]
pub enum Proof {
    /// With a password.
    Password(SecretString),
    /// A trusted proxy says so.
    Trusted {
        /// Address from the trusted header; none when the header is missing.
        email: Option<String>,
        /// Name from the trusted header.
        name: Option<String>,
        /// Groups from the trusted header.
        groups: Vec<String>,
    },
}

/// Someone wants in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// E-mail address as typed.
    pub email: String,
    /// Proof.
    pub proof: Proof,
}

/// The account that everybody shares when authentication is off.
const SHARED_EMAIL: &str = "admin@localhost";

impl Auth {
    /// Lets someone in.
    ///
    /// # Errors
    /// Every reason of [`AuthError`] to keep someone out; an unknown address is told in the same time and words as a
    /// wrong password.
    pub async fn sign_in(&self, command: SignIn) -> Result<Session, AuthError> {
        if !self.deployment.auth.password_auth {
            return Err(AuthError::PasswordAuthOff);
        }
        let user = match command.proof {
            Proof::Trusted { email, name, groups } => self.trusted(email, name, groups).await?,
            Proof::Password(_) if !self.deployment.auth.enabled => self.shared_account().await?,
            Proof::Password(password) => self.by_password(&command.email, &password).await?,
        };
        Ok(self.open_session(Arc::new(user)))
    }

    /// Makes a session for an account.
    pub(super) fn open_session(&self, user: Arc<User>) -> Session {
        let life = keelson_domain::auth::parse_duration(self.settings.current().text(&table::JWT_EXPIRES_IN));
        let expires_at = match life {
            Some(life) => life.map(|life| {
                self.clock
                    .now()
                    .plus_seconds(i64::try_from(life.as_secs()).unwrap_or(i64::MAX))
            }),
            // The setting cannot be read: the default of four weeks, rather than a token for ever.
            None => Some(self.clock.now().plus_seconds(4 * 7 * 24 * 3600)),
        };
        let claims = Claims {
            user: user.id.clone(),
            token_id: Some(self.ids.uuid().to_string()),
            issued_at: Some(self.clock.now()),
            expires_at,
        };
        Session {
            token: self.tokens.sign(&claims),
            expires_at: expires_at.map(|at| at.seconds()),
            user,
        }
    }

    async fn by_password(&self, email: &str, password: &SecretString) -> Result<User, AuthError> {
        let email = email.trim().to_lowercase();
        self.count_try(Secret::SignIn, &email).await?;
        let credential = self
            .accounts
            .credential(&email)
            .await?
            .filter(|credential| credential.active);
        let hash = credential.as_ref().map(|credential| &credential.password_hash);
        let hash = hash.map(secrecy::ExposeSecret::expose_secret);
        if !self.hasher.verify(password, hash).await? {
            return Err(AuthError::WrongCredentials);
        }
        let credential = credential.ok_or(AuthError::WrongCredentials)?;
        self.users
            .find(&credential.user)
            .await?
            .ok_or(AuthError::WrongCredentials)
    }

    async fn trusted(
        &self,
        email: Option<String>,
        name: Option<String>,
        groups: Vec<String>,
    ) -> Result<User, AuthError> {
        let email = EmailAddress::parse(&email.ok_or(AuthError::TrustedHeaderMissing)?)?;
        let user = match self.users.find_by_email(email.as_str()).await? {
            Some(user) => user,
            None => {
                let name = name.unwrap_or_else(|| email.as_str().to_owned());
                self.sign_up_trusted(&email, name).await?
            }
        };
        if !administers(user.role) && !groups.is_empty() {
            self.groups
                .set_groups_by_name(&user.id, &groups, self.clock.now())
                .await?;
            self.access.forget(&user.id);
        }
        Ok(user)
    }

    async fn shared_account(&self) -> Result<User, AuthError> {
        if let Some(user) = self.users.find_by_email(SHARED_EMAIL).await? {
            return Ok(user);
        }
        if self.users.count().await? > 0 {
            return Err(AuthError::AccountsExist);
        }
        let command = SignUp {
            name: "User".to_owned(),
            email: SHARED_EMAIL.to_owned(),
            // Known to all, as in the reference: whoever reaches a server without authentication is let in.
            password: SecretString::from("admin"),
            profile_image_url: "/user.png".to_owned(),
        };
        self.sign_up(command).await?;
        self.users
            .find_by_email(SHARED_EMAIL)
            .await?
            .ok_or(AuthError::WrongCredentials)
    }
}
