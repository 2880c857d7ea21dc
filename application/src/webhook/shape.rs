//! What each kind of service wants to be told.

use keelson_domain::system::COMPATIBLE_VERSION;
use serde_json::{Value, json};
use url::Url;

/// The most characters that Discord takes.
const LONGEST: usize = 2000;

/// The end of a text that was cut.
const CUT: &str = "… (cut)";

/// The picture beside a card.
const PICTURE: &str = "https://openwebui.com/favicon.png";

/// Something to be told.
pub(crate) struct Notice {
    /// What happened, in a word.
    pub(crate) action: &'static str,
    /// It in words.
    pub(crate) text: String,
    /// It for programs.
    pub(crate) fields: Value,
    /// What a card lists; an object or null.
    pub(crate) facts: Value,
}

/// Services that want a form of their own.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    /// Slack, Google Chat.
    Text,
    /// Discord.
    Discord,
    /// Microsoft Teams.
    Teams,
    /// Anything else.
    Plain,
}

fn kind(url: &str) -> Kind {
    let Ok(url) = Url::parse(url.trim()) else {
        return Kind::Plain;
    };
    match url.host_str().unwrap_or_default() {
        "hooks.slack.com" | "chat.googleapis.com" => Kind::Text,
        "discord.com" if url.path().starts_with("/api/webhooks") => Kind::Discord,
        host if host == "webhook.office.com" || host.ends_with(".webhook.office.com") => Kind::Teams,
        _ => Kind::Plain,
    }
}

impl Notice {
    /// The document for the service at an address, from the server of a name.
    pub(crate) fn document(&self, url: &str, server: &str) -> Value {
        match kind(url) {
            Kind::Text => json!({"text": self.text}),
            Kind::Discord => json!({"content": cut(&self.text)}),
            Kind::Teams => self.card(server),
            Kind::Plain => self.fields.clone(),
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
                "activityImage": PICTURE,
                "facts": facts,
                "markdown": true,
            }],
        })
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() < LONGEST {
        return text.to_owned();
    }
    let kept = LONGEST - CUT.chars().count();
    text.chars().take(kept).chain(CUT.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_known_by_their_host() {
        for (url, expected) in [
            ("https://hooks.slack.com/services/T/B/x", Kind::Text),
            ("https://chat.googleapis.com/v1/spaces/x", Kind::Text),
            ("https://discord.com/api/webhooks/1/x", Kind::Discord),
            ("https://acme.webhook.office.com/webhookb2/x", Kind::Teams),
            ("https://example.test/?next=https://hooks.slack.com", Kind::Plain),
            ("https://hooks.slack.com.example.test/", Kind::Plain),
            ("nothing", Kind::Plain),
        ] {
            assert_eq!(kind(url), expected, "{url}");
        }
    }

    #[test]
    fn each_gets_its_form() {
        let notice = Notice {
            action: "signup",
            text: "é".repeat(3000),
            fields: json!({"action": "signup"}),
            facts: json!({"name": "Ada"}),
        };
        let discord = notice.document("https://discord.com/api/webhooks/1/x", "S");
        assert_eq!(
            discord["content"].as_str().map(|text| text.chars().count()),
            Some(2000)
        );
        let teams = notice.document("https://a.webhook.office.com/x", "S");
        assert_eq!(
            teams["sections"][0]["facts"],
            json!([{"name": "name", "value": "Ada"}])
        );
        assert_eq!(teams["sections"][0]["activitySubtitle"], "S (0.6.43) - signup");
        assert_eq!(
            notice.document("https://x.test", "S"),
            json!({"action": "signup"})
        );
    }
}
