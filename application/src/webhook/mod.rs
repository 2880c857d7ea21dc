//! Notices to people who are not here: an answer is done, somebody signed up.

mod ports;
mod shape;

use std::sync::Arc;

use keelson_domain::chat::ChatId;
use keelson_domain::config::{Deployment, table};
use keelson_domain::realtime::Presence;
use keelson_domain::shared::StoreError;
use keelson_domain::user::{User, UserId, UserRepository};
use keelson_domain::webhook::{Destination, Trust, WebhookError, Webhooks};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::Ports;
use crate::config::Settings;
use crate::spawn;

pub use ports::WebhookPorts;

pub(crate) use shape::Notice;

/// Why a notice was not sent.
#[derive(Debug, thiserror::Error)]
enum NoticeError {
    /// Whom to tell, and where, cannot be read.
    #[error("the store failed: {0}")]
    Store(#[from] StoreError),
    /// It did not arrive.
    #[error(transparent)]
    Webhook(#[from] WebhookError),
}

/// The use cases of the room. Nothing waits for a notice; one that does not arrive is logged.
#[derive(Clone)]
pub struct Notices {
    webhooks: Arc<dyn Webhooks>,
    presence: Arc<dyn Presence>,
    users: Arc<dyn UserRepository>,
    settings: Arc<Settings>,
    deployment: Arc<Deployment>,
}

impl Notices {
    /// From the ports it needs.
    pub fn new(ports: &Ports, settings: Arc<Settings>, deployment: Arc<Deployment>) -> Self {
        Self {
            webhooks: ports.webhook.sender.clone(),
            presence: ports.realtime.presence.clone(),
            users: ports.user.repository.clone(),
            settings,
            deployment,
        }
    }

    /// Tells the admin's webhook that somebody signed up.
    pub(crate) fn signed_up(&self, user: &User) {
        let url = self
            .settings
            .current()
            .text(&table::WEBHOOK_URL)
            .trim()
            .to_owned();
        if url.is_empty() {
            return;
        }
        let message = format!("New account: {}", user.name);
        let notice = Notice {
            action: "signup",
            text: message.clone(),
            fields: json!({"action": "signup", "message": message, "user": facts(user).to_string()}),
            facts: facts(user),
        };
        let to = Destination {
            url: SecretString::from(url),
            trust: Trust::Operator,
        };
        let notices = self.clone();
        spawn::detached("sign-up notice", async move { notices.send(&to, &notice).await });
    }

    /// Tells a user's webhook that an answer is done, if the user is away.
    pub(crate) fn answered(&self, user: &UserId, chat: &ChatId, title: Option<String>, content: String) {
        if !self.settings.current().bool(&table::ENABLE_USER_WEBHOOKS) {
            return;
        }
        let (notices, user, chat) = (self.clone(), user.clone(), chat.clone());
        spawn::detached("answer notice", async move {
            match notices.away_at(&user).await? {
                Some(to) => notices.send(&to, &notices.answer(&chat, title, content)).await,
                None => Ok(()),
            }
        });
    }

    /// The webhook of a user who has no page open.
    async fn away_at(&self, user: &UserId) -> Result<Option<Destination>, NoticeError> {
        if self.presence.is_online(user).await? {
            return Ok(None);
        }
        let settings = self.users.find(user).await?.and_then(|user| user.settings);
        let url = settings.as_ref().and_then(|settings| {
            settings
                .get("ui")?
                .get("notifications")?
                .get("webhook_url")?
                .as_str()
        });
        let url = url.map(str::trim).filter(|url| !url.is_empty());
        Ok(url.map(|url| Destination {
            url: SecretString::from(url),
            trust: Trust::User,
        }))
    }

    fn answer(&self, chat: &ChatId, title: Option<String>, content: String) -> Notice {
        let base = self
            .settings
            .current()
            .text(&table::WEBUI_URL)
            .trim_end_matches('/')
            .to_owned();
        let url = format!("{base}/c/{chat}");
        Notice {
            action: "chat",
            text: format!("{} - {url}\n\n{content}", title.as_deref().unwrap_or_default()),
            fields: json!({"action": "chat", "message": content, "title": title, "url": url}),
            facts: Value::Null,
        }
    }

    async fn send(&self, to: &Destination, notice: &Notice) -> Result<(), NoticeError> {
        let document = notice.document(to.url.expose_secret(), &self.deployment.general.name);
        Ok(self.webhooks.post(to, &document).await?)
    }
}

/// What a notice says of an account.
fn facts(user: &User) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": user.role.as_str(),
        "profile_image_url": user.profile_image_url,
        "last_active_at": user.last_active_at.seconds(),
        "updated_at": user.updated_at.seconds(),
        "created_at": user.created_at.seconds(),
    })
}
