use std::time::Duration;

/// An e-mail address: trimmed, lower-cased, of the form `name@host`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

/// The text is no e-mail address.
#[derive(Debug, thiserror::Error)]
#[error("an e-mail address has the form name@example.com")]
pub struct InvalidEmail;

impl EmailAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// [`InvalidEmail`].
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let address = text.trim().to_lowercase();
        let valid = address.split_once('@').is_some_and(|(name, host)| {
            // `admin@localhost` is the account of servers without authentication.
            !name.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && (host.contains('.') || host == "localhost")
                && !address.contains(char::is_whitespace)
        });
        if valid {
            Ok(Self(address))
        } else {
            Err(InvalidEmail)
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The password does not fit the rules.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum WeakPassword {
    /// bcrypt ignores what comes after.
    #[error("a password is at most 72 bytes long")]
    TooLong,
    /// `ENABLE_PASSWORD_VALIDATION` is on.
    #[error(
        "a password is at least 8 characters long and has an upper-case letter, a lower-case letter, a digit and another sign"
    )]
    TooSimple,
}

/// Whether a new password may be used.
///
/// # Errors
/// [`WeakPassword`].
pub fn check_password(password: &str, strict: bool) -> Result<(), WeakPassword> {
    if password.len() > 72 {
        return Err(WeakPassword::TooLong);
    }
    let has = |test: fn(char) -> bool| password.chars().any(test);
    let strong = password.chars().count() >= 8
        && has(char::is_uppercase)
        && has(char::is_lowercase)
        && has(char::is_numeric)
        && has(|c| !c.is_alphanumeric());
    if strict && !strong {
        Err(WeakPassword::TooSimple)
    } else {
        Ok(())
    }
}

/// Reads a duration such as `4w`, `12h`, `1d12h` or `90s` (units ms, s, m, h, d, w); `-1` and `0` are no limit.
/// Nothing when the text is none of these.
///
/// No crate is used: `humantime` refuses fractions (`1.5h`), which the reference reads, and takes units that it refuses
/// (`4y`).
pub fn parse_duration(text: &str) -> Option<Option<Duration>> {
    let text = text.trim();
    if text == "-1" || text == "0" {
        return Some(None);
    }
    let mut rest = text;
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(digits);
        let unit_length = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_length);
        let seconds = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            "w" => 604_800.0,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * seconds;
        rest = tail;
    }
    if text.is_empty() {
        None
    } else {
        Duration::try_from_secs_f64(total).ok().map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_trimmed_and_lower_cased() {
        assert_eq!(
            EmailAddress::parse(" ADA@Example.test ").expect("valid").as_str(),
            "ada@example.test"
        );
        assert!(EmailAddress::parse("admin@localhost").is_ok());
        for bad in [
            "",
            "ada",
            "@example.test",
            "ada@",
            "a b@example.test",
            "a@b@c.test",
            "ada@host",
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn durations() {
        let hours = |hours: u64| Some(Some(Duration::from_secs(hours * 3600)));
        assert_eq!(parse_duration("4w"), hours(24 * 28));
        assert_eq!(parse_duration("1d12h"), hours(36));
        assert_eq!(parse_duration("-1"), Some(None));
        for bad in ["", "nonsense", "12", "4y"] {
            assert_eq!(parse_duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn passwords() {
        assert_eq!(check_password(&"x".repeat(73), false), Err(WeakPassword::TooLong));
        assert_eq!(check_password("simple", true), Err(WeakPassword::TooSimple));
        assert!(check_password("simple", false).is_ok());
        assert!(check_password("Secret-1x", true).is_ok());
    }
}
