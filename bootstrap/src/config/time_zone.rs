//! The time zone of the server: that of times in prompts.

use chrono_tz::Tz;

use super::Variables;

/// Why a zone has no effect.
const UNKNOWN: &str =
    "it names no time zone of the IANA database, as Asia/Tokyo does; times in prompts are those of UTC";

/// The zone that `TZ` names, else the machine's; none where neither is known.
pub(super) fn read(variables: &Variables) -> Option<String> {
    match variables.text("TZ") {
        Some(text) => parse(&text),
        None => iana_time_zone::get_timezone().ok().and_then(|name| parse(&name)),
    }
}

/// `TZ` and why it has no effect, where it names no zone.
pub(super) fn problem(variables: &Variables) -> Option<(&'static str, &'static str)> {
    let text = variables.text("TZ")?;
    parse(&text).is_none().then_some(("TZ", UNKNOWN))
}

/// The zone's name in the database: of a name, the path of a file of the database, or a fixed distance as POSIX writes it.
fn parse(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches(':');
    let name = text.rsplit_once("zoneinfo/").map_or(text, |(_, name)| name);
    if let Ok(zone) = name.parse::<Tz>() {
        return Some(zone.name().to_owned());
    }
    let letters = name.find(|letter: char| !letter.is_ascii_alphabetic())?;
    let (abbreviation, hours) = name.split_at(letters);
    let hours: i8 = hours.parse().ok()?;
    // Both count hours west of Greenwich as positive.
    let zone: Tz = format!("Etc/GMT{hours:+}").parse().ok()?;
    (abbreviation.len() >= 3).then(|| zone.name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_read_in_every_form() {
        for (text, expected) in [
            ("Asia/Tokyo", Some("Asia/Tokyo")),
            (":Asia/Tokyo", Some("Asia/Tokyo")),
            (" Asia/Tokyo ", Some("Asia/Tokyo")),
            ("/usr/share/zoneinfo/Asia/Tokyo", Some("Asia/Tokyo")),
            (":/usr/share/zoneinfo/Europe/Vienna", Some("Europe/Vienna")),
            ("UTC", Some("UTC")),
            ("EST5EDT", Some("EST5EDT")),
            ("JST-9", Some("Etc/GMT-9")),
            ("UTC0", Some("Etc/GMT+0")),
            ("EST+5", Some("Etc/GMT+5")),
            ("Mars/Olympus", None),
            ("J-9", None),
            ("JST-99", None),
        ] {
            let variables = Variables::given(&[("TZ", text)]);
            assert_eq!(read(&variables).as_deref(), expected, "{text}");
            assert_eq!(problem(&variables).is_none(), expected.is_some(), "{text}");
        }
        assert_eq!(problem(&Variables::given(&[])), None);
    }
}
