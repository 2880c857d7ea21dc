//! Webhook notifications: an answer is done while its user is away, somebody signed up.

mod notification;
mod ports;

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

use notification::Notification;

/// Why a notification was not sent.
#[derive(Debug, thiserror::Error)]
enum NotificationError {
    /// The recipient cannot be read.
    #[error("the store failed: {0}")]
    Store(#[from] StoreError),
    /// It was not delivered.
    #[error(transparent)]
    Webhook(#[from] WebhookError),
}

/// Sends webhook notifications in the background; a failed delivery is logged.
#[derive(Clone)]
pub struct WebhookNotifier {
    webhooks: Arc<dyn Webhooks>,
    presence: Arc<dyn Presence>,
    users: Arc<dyn UserRepository>,
    settings: Arc<Settings>,
    deployment: Arc<Deployment>,
}

impl WebhookNotifier {
    /// From the ports it needs.
    pub fn new(ports: &Ports, settings: Arc<Settings>, deployment: Arc<Deployment>) -> Self {
        Self {
            webhooks: ports.webhook.sender.clone(),
            presence: ports.realtime.presence.clone(),
            users: ports.identity.user.repository.clone(),
            settings,
            deployment,
        }
    }

    /// Notifies the admin's webhook that somebody signed up.
    pub(crate) fn notify_signup(&self, user: &User) {
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
        let notification = Notification {
            action: "signup",
            text: message.clone(),
            fields: json!({"action": "signup", "message": message, "user": facts(user).to_string()}),
            facts: facts(user),
        };
        let to = Destination {
            url: SecretString::from(url),
            trust: Trust::Operator,
        };
        let notifier = self.clone();
        spawn::detached("sign-up notification", async move {
            notifier.send(&to, &notification).await
        });
    }

    /// Notifies a user's webhook that an answer is done, if the user is not connected.
    pub(crate) fn notify_answer(&self, user: &UserId, chat: &ChatId, title: Option<String>, content: String) {
        if !self.settings.current().bool(&table::ENABLE_USER_WEBHOOKS) {
            return;
        }
        let (notifier, user, chat) = (self.clone(), user.clone(), chat.clone());
        spawn::detached("answer notification", async move {
            match notifier.find_destination(&user).await? {
                Some(to) => {
                    let notification = notifier.build_answer(&chat, title, content);
                    notifier.send(&to, &notification).await
                }
                None => Ok(()),
            }
        });
    }

    /// The webhook of a user who is not connected, if there is one.
    async fn find_destination(&self, user: &UserId) -> Result<Option<Destination>, NotificationError> {
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

    fn build_answer(&self, chat: &ChatId, title: Option<String>, content: String) -> Notification {
        let base = self
            .settings
            .current()
            .text(&table::WEBUI_URL)
            .trim_end_matches('/')
            .to_owned();
        let url = format!("{base}/c/{chat}");
        Notification {
            action: "chat",
            text: format!("{} - {url}\n\n{content}", title.as_deref().unwrap_or_default()),
            fields: json!({"action": "chat", "message": content, "title": title, "url": url}),
            facts: Value::Null,
        }
    }

    async fn send(&self, to: &Destination, notification: &Notification) -> Result<(), NotificationError> {
        let document = notification.document(to.url.expose_secret(), &self.deployment.general.name);
        Ok(self.webhooks.post(to, &document).await?)
    }
}

/// What a notification says of an account.
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
