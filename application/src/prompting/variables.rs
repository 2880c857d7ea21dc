use chrono::{DateTime, Datelike, NaiveDate};
use chrono_tz::Tz;
use keelson_domain::shared::Timestamp;
use keelson_domain::user::User;
use serde_json::{Map, Value};

/// What the variables of a prompt are filled from.
pub(crate) struct VariableSource<'v> {
    /// Those that the client sent, with their braces.
    pub(crate) sent: &'v Map<String, Value>,
    /// Who asks.
    pub(crate) user: &'v User,
    /// The time now.
    pub(crate) now: Timestamp,
    /// The server's time zone, by its name in the IANA database.
    pub(crate) time_zone: &'v str,
}

impl VariableSource<'_> {
    /// The value of a variable, which is named with its braces.
    fn value(&self, name: &str) -> Option<String> {
        if let Some(value) = self.sent.get(name).and_then(Value::as_str) {
            return Some(value.to_owned());
        }
        let local = self.local_time();
        let user = self.user;
        Some(match name {
            "{{CURRENT_DATETIME}}" => local.format("%Y-%m-%d %H:%M:%S").to_string(),
            "{{CURRENT_DATE}}" => local.format("%Y-%m-%d").to_string(),
            "{{CURRENT_TIME}}" => local.format("%H:%M:%S").to_string(),
            "{{CURRENT_WEEKDAY}}" => local.format("%A").to_string(),
            "{{CURRENT_TIMEZONE}}" => local.timezone().name().to_owned(),
            "{{USER_NAME}}" => user.name.clone(),
            "{{USER_EMAIL}}" => user.email.clone(),
            "{{USER_BIO}}" => user.bio.clone().unwrap_or_default(),
            "{{USER_GENDER}}" => user.gender.clone().unwrap_or_default(),
            "{{USER_BIRTH_DATE}}" => user.date_of_birth.clone().unwrap_or_default(),
            "{{USER_AGE}}" => self.age(local.date_naive()).unwrap_or_default(),
            "{{USER_LOCATION}}" => {
                let location = user.info.as_ref().and_then(|info| info.get("location")?.as_str());
                location.unwrap_or("Unknown").to_owned()
            }
            _ => return None,
        })
    }

    fn local_time(&self) -> DateTime<Tz> {
        let time = DateTime::from_timestamp(self.now.seconds(), 0).unwrap_or_default();
        time.with_timezone(&self.time_zone.parse().unwrap_or(Tz::UTC))
    }

    /// The user's age in years; none without a date of birth, or with one that is no date or to come.
    fn age(&self, today: NaiveDate) -> Option<String> {
        let born = self.user.date_of_birth.as_deref()?.trim();
        let born = NaiveDate::parse_from_str(born.get(..10)?, "%Y-%m-%d").ok()?;
        let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
        let years = today.year() - born.year() - i32::from(!had_birthday);
        (years >= 0).then(|| years.to_string())
    }
}

/// Replaces the variables `{{NAME}}` of a prompt. A value is text: what looks like a variable in it is not replaced.
pub(crate) fn fill_variables(template: &str, source: &VariableSource<'_>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(end) = rest.find("}}") {
        let (head, tail) = rest.split_at(end + 2);
        let variable = head.rfind("{{").map(|start| head.split_at(start));
        match variable.and_then(|(before, name)| Some((before, source.value(name)?))) {
            Some((before, value)) => {
                filled.push_str(before);
                filled.push_str(&value);
            }
            None => filled.push_str(head),
        }
        rest = tail;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn user(fields: &[(&str, &str)]) -> User {
        let of = |name: &str| {
            let field = fields.iter().find(|(field, _)| *field == name);
            field.map(|(_, value)| (*value).to_owned())
        };
        let mut user = crate::prompting::doubles::user();
        user.name = of("name").unwrap_or_else(|| "Ada".to_owned());
        user.bio = of("bio");
        user.gender = of("gender");
        user.date_of_birth = of("date_of_birth");
        user.info = of("location").map(|location| json!({"location": location}));
        user
    }

    fn fill(template: &str, sent: &Value, user: &User, (now, time_zone): (i64, &str)) -> String {
        let source = VariableSource {
            sent: sent.as_object().expect("an object"),
            user,
            now: Timestamp::from_seconds(now),
            time_zone,
        };
        fill_variables(template, &source)
    }

    /// 2026-11-25 18:30:05 in UTC: the next day in Tokyo.
    const EVENING: i64 = 1_795_631_405;

    #[test]
    fn every_variable_is_filled() {
        let ada = user(&[
            ("bio", "Writes."),
            ("gender", "female"),
            ("date_of_birth", "1990-11-26"),
            ("location", "Graz"),
        ]);
        for (template, in_tokyo, in_utc) in [
            (
                "{{CURRENT_DATETIME}}",
                "2026-11-26 03:30:05",
                "2026-11-25 18:30:05",
            ),
            ("{{CURRENT_DATE}}", "2026-11-26", "2026-11-25"),
            ("{{CURRENT_TIME}}", "03:30:05", "18:30:05"),
            ("{{CURRENT_WEEKDAY}}", "Thursday", "Wednesday"),
            ("{{CURRENT_TIMEZONE}}", "Asia/Tokyo", "UTC"),
            ("{{USER_NAME}}", "Ada", "Ada"),
            ("{{USER_EMAIL}}", "ada@example.test", "ada@example.test"),
            ("{{USER_BIO}}", "Writes.", "Writes."),
            ("{{USER_GENDER}}", "female", "female"),
            ("{{USER_BIRTH_DATE}}", "1990-11-26", "1990-11-26"),
            ("{{USER_AGE}}", "36", "35"),
            ("{{USER_LOCATION}}", "Graz", "Graz"),
            ("{{UNKNOWN}}", "{{UNKNOWN}}", "{{UNKNOWN}}"),
            ("{{ USER_NAME }}", "{{ USER_NAME }}", "{{ USER_NAME }}"),
            (
                "a {{USER_NAME}}, {{USER_NAME}}}} {{",
                "a Ada, Ada}} {{",
                "a Ada, Ada}} {{",
            ),
            ("{{a {{USER_NAME}}", "{{a Ada", "{{a Ada"),
        ] {
            let no_values = json!({});
            assert_eq!(
                fill(template, &no_values, &ada, (EVENING, "Asia/Tokyo")),
                in_tokyo,
                "{template}"
            );
            assert_eq!(
                fill(template, &no_values, &ada, (EVENING, "UTC")),
                in_utc,
                "{template}"
            );
        }
    }

    #[test]
    fn time_zones_have_their_names_and_rules() {
        for (time_zone, now, expected) in [
            ("UTC", EVENING, "2026-11-25 18:30:05"),
            ("Asia/Tokyo", EVENING, "2026-11-26 03:30:05"),
            ("Europe/Vienna", EVENING, "2026-11-25 19:30:05"),
            ("Europe/Vienna", EVENING - 150 * 86_400, "2026-06-28 20:30:05"),
            ("America/New_York", EVENING, "2026-11-25 13:30:05"),
            ("Asia/Kolkata", EVENING, "2026-11-26 00:00:05"),
            ("Etc/GMT-9", EVENING, "2026-11-26 03:30:05"),
            ("EST5EDT", EVENING, "2026-11-25 13:30:05"),
            ("", EVENING, "2026-11-25 18:30:05"),
            ("Nowhere", EVENING, "2026-11-25 18:30:05"),
        ] {
            let filled = fill("{{CURRENT_DATETIME}}", &json!({}), &user(&[]), (now, time_zone));
            assert_eq!(filled, expected, "{time_zone}");
        }
    }

    #[test]
    fn ages_are_counted_in_whole_years() {
        for (date_of_birth, expected) in [
            ("1990-11-25", "36"),
            ("1990-11-26", "35"),
            ("1990-12-01", "35"),
            ("2026-11-25", "0"),
            ("2000-02-29", "26"),
            ("1990-11-25T00:00:00", "36"),
            ("2030-01-01", ""),
            ("25.11.1990", ""),
            ("1990-13-01", ""),
            ("", ""),
        ] {
            let person = user(&[("date_of_birth", date_of_birth)]);
            let filled = fill("{{USER_AGE}}", &json!({}), &person, (EVENING, "UTC"));
            assert_eq!(filled, expected, "{date_of_birth}");
        }
        assert_eq!(fill("{{USER_AGE}}", &json!({}), &user(&[]), (EVENING, "UTC")), "");
    }

    #[test]
    fn values_that_clients_send_come_first_and_are_text() {
        let sent = json!({
            "{{CURRENT_DATE}}": "tomorrow", "{{USER_LANGUAGE}}": "de-AT", "{{USER_LOCATION}}": "{{USER_EMAIL}}", "{{N}}": 7,
        });
        for (template, expected) in [
            ("{{CURRENT_DATE}}", "tomorrow"),
            ("{{USER_LANGUAGE}}", "de-AT"),
            ("{{USER_LOCATION}}", "{{USER_EMAIL}}"),
            ("{{N}}", "{{N}}"),
            ("{{USER_NAME}}", "{{USER_EMAIL}}"),
            ("{{USER_BIO}}{{USER_GENDER}}{{USER_BIRTH_DATE}}", ""),
            ("no variables", "no variables"),
            ("", ""),
        ] {
            let person = user(&[("name", "{{USER_EMAIL}}")]);
            assert_eq!(
                fill(template, &sent, &person, (EVENING, "UTC")),
                expected,
                "{template}"
            );
        }
    }
}
