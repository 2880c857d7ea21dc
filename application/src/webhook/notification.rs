//! Notifications in the form that each kind of service expects.

use keelson_domain::system::COMPATIBLE_VERSION;
use serde_json::{Value, json};
use url::Url;

/// The longest message that Discord accepts, in characters.
const DISCORD_LIMIT: usize = 2000;

/// The end of a truncated text.
const TRUNCATED: &str = "… (cut)";

/// The image of a card.
const IMAGE: &str = "https://openwebui.com/favicon.png";

/// Something to notify of.
pub(super) struct Notification {
    /// What happened, in a word.
    pub(super) action: &'static str,
    /// A text for people.
    pub(super) text: String,
    /// The same for programs.
    pub(super) fields: Value,
    /// What a card lists; an object or null.
    pub(super) facts: Value,
}

/// Services that expect a form of their own.
#[derive(Debug, PartialEq, Eq)]
enum Service {
    /// Slack, Google Chat.
    Text,
    /// Discord.
    Discord,
    /// Microsoft Teams.
    Teams,
    /// Anything else.
    Plain,
}

fn service_of(url: &str) -> Service {
    let Ok(url) = Url::parse(url.trim()) else {
        return Service::Plain;
    };
    match url.host_str().unwrap_or_default() {
        "hooks.slack.com" | "chat.googleapis.com" => Service::Text,
        "discord.com" if url.path().starts_with("/api/webhooks") => Service::Discord,
        host if host == "webhook.office.com" || host.ends_with(".webhook.office.com") => Service::Teams,
        _ => Service::Plain,
    }
}

impl Notification {
    /// The document for the service at an address, from the server of a name.
    pub(super) fn document(&self, url: &str, server: &str) -> Value {
        match service_of(url) {
            Service::Text => json!({"text": self.text}),
            Service::Discord => json!({"content": truncate(&self.text)}),
            Service::Teams => self.card(server),
            Service::Plain => self.fields.clone(),
        }
    }

    fn card(&self, server: &str) -> Value {
        let facts = self.facts.as_object().into_iter().flatten();
        let facts: Vec<Value> = facts
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect();
        json!({
            "@type": "MessageCard",
            "@context": "http://schema.org/extensions",
            "themeColor": "0076D7",
            "summary": self.text,
            "sections": [{
                "activityTitle": self.text,
                "activitySubtitle": format!("{server} ({COMPATIBLE_VERSION}) - {}", self.action),
                "activityImage": IMAGE,
                "facts": facts,
                "markdown": true,
            }],
        })
    }
}

fn truncate(text: &str) -> String {
    if text.chars().count() < DISCORD_LIMIT {
        return text.to_owned();
    }
    let kept = DISCORD_LIMIT - TRUNCATED.chars().count();
    text.chars().take(kept).chain(TRUNCATED.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_recognized_by_their_host() {
        for (url, expected) in [
            ("https://hooks.slack.com/services/T/B/x", Service::Text),
            ("https://chat.googleapis.com/v1/spaces/x", Service::Text),
            ("https://discord.com/api/webhooks/1/x", Service::Discord),
            ("https://acme.webhook.office.com/webhookb2/x", Service::Teams),
            (
                "https://example.test/?next=https://hooks.slack.com",
                Service::Plain,
            ),
            ("https://hooks.slack.com.example.test/", Service::Plain),
            ("nothing", Service::Plain),
        ] {
            assert_eq!(service_of(url), expected, "{url}");
        }
    }

    #[test]
    fn each_service_gets_its_form() {
        let notification = Notification {
            action: "signup",
            text: "é".repeat(3000),
            fields: json!({"action": "signup"}),
            facts: json!({"name": "Ada"}),
        };
        let discord = notification.document("https://discord.com/api/webhooks/1/x", "S");
        assert_eq!(
            discord["content"].as_str().map(|text| text.chars().count()),
            Some(2000)
        );
        let teams = notification.document("https://a.webhook.office.com/x", "S");
        assert_eq!(
            teams["sections"][0]["facts"],
            json!([{"name": "name", "value": "Ada"}])
        );
        assert_eq!(teams["sections"][0]["activitySubtitle"], "S (0.6.43) - signup");
        assert_eq!(
            notification.document("https://x.test", "S"),
            json!({"action": "signup"})
        );
    }
}
