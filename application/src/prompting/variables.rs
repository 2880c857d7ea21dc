use chrono::{DateTime, Datelike, Timelike};
use keelson_domain::shared::Timestamp;
use keelson_domain::user::User;
use serde_json::{Map, Value};

/// Replaces the variables `{{NAME}}` of a prompt: those that the client sent, then the time and the user's profile.
pub(crate) fn fill_variables(
    template: &str,
    variables: &Map<String, Value>,
    user: &User,
    now: Timestamp,
) -> String {
    if !template.contains("{{") {
        return template.to_owned();
    }
    let mut text = template.to_owned();
    for (name, value) in variables {
        if let Some(value) = value.as_str()
            && text.contains(name.as_str())
        {
            text = text.replace(name.as_str(), value);
        }
    }
    let time = DateTime::from_timestamp(now.seconds(), 0).unwrap_or_default();
    let date = format!("{:04}-{:02}-{:02}", time.year(), time.month(), time.day());
    let clock = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    let info = |name: &str| {
        let value = user.info.as_ref().and_then(|info| info.get(name)?.as_str());
        value.unwrap_or("Unknown").to_owned()
    };
    let built_in = [
        ("{{CURRENT_DATETIME}}", format!("{date} {clock}")),
        ("{{CURRENT_DATE}}", date),
        ("{{CURRENT_TIME}}", clock),
        ("{{CURRENT_WEEKDAY}}", time.format("%A").to_string()),
        ("{{USER_NAME}}", user.name.clone()),
        ("{{USER_EMAIL}}", user.email.clone()),
        ("{{USER_BIO}}", user.bio.clone().unwrap_or_default()),
        ("{{USER_GENDER}}", user.gender.clone().unwrap_or_default()),
        (
            "{{USER_BIRTH_DATE}}",
            user.date_of_birth.clone().unwrap_or_default(),
        ),
        ("{{USER_LOCATION}}", info("location")),
    ];
    for (name, value) in built_in {
        if text.contains(name) {
            text = text.replace(name, &value);
        }
    }
    text
}
