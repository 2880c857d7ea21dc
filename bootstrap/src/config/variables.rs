//! Reads variables one by one and collects everything that is wrong with them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use bytesize::ByteSize;
use config::{Config, Environment, File};
use secrecy::SecretString;

use super::StartError;

/// Names a TOML file whose values count where the environment is silent.
const FILE_VARIABLE: &str = "KEELSON_CONFIG_FILE";

/// Variables by their names, in capitals.
pub struct Variables {
    values: HashMap<String, String>,
    problems: RefCell<Vec<String>>,
    /// The names that were asked for, whether they are set or not.
    read: RefCell<BTreeMap<String, Known>>,
}

/// What is known of a variable that was asked for.
#[derive(Default)]
struct Known {
    allowed: Option<String>,
    is_secret: bool,
}

/// A variable that is read once, at the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartVariable {
    /// Its value as it may be shown; none when it is not set.
    pub value: Option<String>,
    /// What it may hold, in words.
    pub allowed: String,
}

/// Parts of names whose values are not shown, whoever reads them.
const SECRETS: [&str; 4] = ["KEY", "PASSWORD", "SECRET", "TOKEN"];

/// A value as it may be shown.
fn shown(name: &str, value: &str, is_secret: bool) -> String {
    if is_secret || SECRETS.iter().any(|part| name.contains(part)) {
        return "(secret)".to_owned();
    }
    match value.rsplit_once('@') {
        // Whoever signs in at an address stands before it.
        Some((_, host)) if value.contains("://") => format!("(credentials)@{host}"),
        _ => value.to_owned(),
    }
}

impl Variables {
    /// Reads the environment, and under it the file that [`FILE_VARIABLE`] names.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read() -> Result<Self, StartError> {
        let mut sources = Config::builder();
        if let Ok(file) = std::env::var(FILE_VARIABLE)
            && !file.is_empty()
        {
            sources = sources.add_source(File::from(Path::new(&file)));
        }
        let read = sources
            .add_source(Environment::default())
            .build()
            .and_then(Config::try_deserialize::<HashMap<String, config::Value>>)
            .map_err(|error| StartError::Unusable(format!("{FILE_VARIABLE}: {error}")))?;
        let values = read
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_uppercase(), value.into_string().ok()?)));
        Ok(Self::from(values.collect::<HashMap<_, _>>()))
    }

    /// What was wrong, if anything.
    pub fn finish(self) -> Result<(), StartError> {
        let problems = self.problems.into_inner();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(StartError::Variables(problems))
        }
    }

    /// Records that a variable is wrong, and what is allowed. `value` is none for secrets.
    pub fn reject(&self, name: &str, value: Option<&str>, allowed: &str) {
        let shown = value.map_or_else(|| "is not valid".to_owned(), |value| format!("is {value:?}"));
        let problem = format!("{name} {shown}; allowed: {allowed}");
        let mut problems = self.problems.borrow_mut();
        // Several sections may read the same variable.
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    /// Records a problem with a text of its own, which begins with the variable's name.
    pub fn add_problem(&self, text: String) {
        self.problems.borrow_mut().push(text);
    }

    /// Counts a variable as asked for.
    pub fn note_known(&self, name: &str) {
        self.read.borrow_mut().entry(name.to_owned()).or_default();
    }

    /// The same, with what it may hold.
    fn note_allowed(&self, name: &str, allowed: &str) {
        let mut read = self.read.borrow_mut();
        read.entry(name.to_owned()).or_default().allowed = Some(allowed.to_owned());
    }

    /// Every variable that was asked for.
    pub fn known(&self) -> BTreeMap<String, StartVariable> {
        let read = self.read.borrow();
        let described = read.iter().map(|(name, known)| {
            let value = self.values.get(name).filter(|value| !value.is_empty());
            let variable = StartVariable {
                value: value.map(|value| shown(name, value, known.is_secret)),
                allowed: known.allowed.clone().unwrap_or_else(|| "text".to_owned()),
            };
            (name.clone(), variable)
        });
        described.collect()
    }

    /// The unchanged text of a variable, also when empty.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.note_known(name);
        self.values.get(name).map(String::as_str)
    }

    /// The names that are set, that nobody asked for, and that fit, in alphabetical order.
    pub fn unread(&self, fits: impl Fn(&str) -> bool) -> Vec<String> {
        let read = self.read.borrow();
        let set = self.values.iter().filter(|(_, value)| !value.is_empty());
        let names = set
            .map(|(name, _)| name)
            .filter(|name| !read.contains_key(*name) && fits(name));
        let names: BTreeSet<String> = names.cloned().collect();
        names.into_iter().collect()
    }

    /// The names with this beginning that were asked for.
    pub fn read_names(&self, prefix: &str) -> Vec<String> {
        let read = self.read.borrow();
        read.keys()
            .filter(|name| name.starts_with(prefix))
            .cloned()
            .collect()
    }

    /// A text that is not empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.raw(name)
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    /// A text, or a default.
    pub fn text_or(&self, name: &str, default: &str) -> String {
        self.text(name).unwrap_or_else(|| default.to_owned())
    }

    /// A secret that is not empty.
    pub fn secret(&self, name: &str) -> Option<SecretString> {
        self.read
            .borrow_mut()
            .entry(name.to_owned())
            .or_default()
            .is_secret = true;
        self.raw(name)
            .filter(|text| !text.is_empty())
            .map(SecretString::from)
    }

    /// A boolean.
    pub fn flag(&self, name: &str, default: bool) -> bool {
        self.note_allowed(name, "true, false");
        let Some(text) = self.text(name) else {
            return default;
        };
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => true,
            "false" | "0" | "no" | "off" => false,
            _ => {
                self.reject(name, Some(&text), "true, false");
                default
            }
        }
    }

    /// A number.
    pub fn number<N: FromStr + Copy>(&self, name: &str, default: N, allowed: &str) -> N {
        self.note_allowed(name, allowed);
        let Some(text) = self.text(name) else {
            return default;
        };
        text.parse().unwrap_or_else(|_| {
            self.reject(name, Some(&text), allowed);
            default
        })
    }

    /// Whole seconds.
    pub fn seconds(&self, name: &str, default: u64) -> Duration {
        Duration::from_secs(self.number(name, default, "a whole number of seconds"))
    }

    /// Seconds with fractions, 0 or more.
    pub fn fractional_seconds(&self, name: &str, default: Duration) -> Duration {
        let allowed = "a number of seconds, 0 or more";
        let seconds = self.number(name, default.as_secs_f64(), allowed);
        Duration::try_from_secs_f64(seconds).unwrap_or_else(|_| {
            self.reject(name, Some(&seconds.to_string()), allowed);
            default
        })
    }

    /// Whole seconds above 0.
    pub fn positive_seconds(&self, name: &str, default: Duration) -> Duration {
        let allowed = "a whole number of seconds above 0";
        match self.number(name, default.as_secs(), allowed) {
            0 => {
                self.reject(name, Some("0"), allowed);
                default
            }
            seconds => Duration::from_secs(seconds),
        }
    }

    /// A size in bytes, such as `10MB`; units count in thousands, with an `i` (`10MiB`) in 1024.
    pub fn bytes(&self, name: &str, default: u64) -> u64 {
        const ALLOWED: &str = "a size above 0, such as 500KB, 10MB or 1GB";
        self.note_allowed(name, ALLOWED);
        let Some(text) = self.text(name) else {
            return default;
        };
        parse_size(&text).unwrap_or_else(|| {
            self.reject(name, Some(&text), ALLOWED);
            default
        })
    }

    /// One of some words, whatever their case.
    pub fn one_of<T: Copy>(&self, name: &str, words: &[(&str, T)], default: T) -> T {
        let allowed: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        let allowed = allowed.join(", ");
        self.note_allowed(name, &allowed);
        let Some(text) = self.text(name) else {
            return default;
        };
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(&text));
        found.map_or_else(
            || {
                self.reject(name, Some(&text), &allowed);
                default
            },
            |(_, value)| *value,
        )
    }

    /// The items of a list; empty ones are left out.
    pub fn list(&self, name: &str, separator: char) -> Vec<String> {
        self.note_allowed(name, &format!("texts with {separator} between them"));
        let text = self.text(name).unwrap_or_default();
        text.split(separator)
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

#[cfg(test)]
impl Variables {
    /// Variables with these values, for tests.
    pub(crate) fn given(values: &[(&str, &str)]) -> Self {
        let owned = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self::from(owned.collect::<HashMap<_, _>>())
    }
}

impl From<HashMap<String, String>> for Variables {
    fn from(values: HashMap<String, String>) -> Self {
        Self {
            values,
            problems: RefCell::default(),
            // Read before there is anything to ask.
            read: RefCell::new(BTreeMap::from([(FILE_VARIABLE.to_owned(), Known::default())])),
        }
    }
}

/// Bytes, above 0.
fn parse_size(text: &str) -> Option<u64> {
    let bytes = text.parse::<ByteSize>().ok()?.as_u64();
    Some(bytes).filter(|bytes| *bytes > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [
            ("10MB", Some(10_000_000)),
            ("1.5 kb", Some(1500)),
            ("2KiB", Some(2048)),
            ("4096", Some(4096)),
            ("1G", Some(1_000_000_000)),
            ("0", None),
            ("daily", None),
            ("", None),
        ] {
            assert_eq!(parse_size(text), bytes, "{text}");
        }
    }

    #[test]
    fn what_is_known_of_a_variable_shows_no_secret() {
        let given = Variables::given(&[
            ("PORT", "8080"),
            ("DATABASE_URL", "postgresql://u:hidden@h/x"),
            ("OPENAI_API_KEY", "hidden"),
            ("PGPASSWORD", "hidden"),
            ("WEBUI_URL", "https://u:hidden@chat.test"),
            ("CONTACT", "a@b.test"),
            ("EMPTY", ""),
        ]);
        given.number("PORT", 1_u16, "a port");
        given.flag("ENABLE_X", true);
        given.one_of("ENV", &[("dev", 1), ("prod", 2)], 2);
        given.bytes("SIZE", 1);
        given.list("HOSTS", ';');
        let _url = given.secret("DATABASE_URL");
        for name in ["OPENAI_API_KEY", "PGPASSWORD", "WEBUI_URL", "CONTACT", "EMPTY"] {
            let _text = given.text(name);
        }
        let known = given.known();
        for (name, value, allowed) in [
            ("PORT", Some("8080"), "a port"),
            ("ENABLE_X", None, "true, false"),
            ("ENV", None, "dev, prod"),
            ("SIZE", None, "a size above 0, such as 500KB, 10MB or 1GB"),
            ("HOSTS", None, "texts with ; between them"),
            ("DATABASE_URL", Some("(secret)"), "text"),
            ("OPENAI_API_KEY", Some("(secret)"), "text"),
            ("PGPASSWORD", Some("(secret)"), "text"),
            ("WEBUI_URL", Some("(credentials)@chat.test"), "text"),
            ("CONTACT", Some("a@b.test"), "text"),
            ("EMPTY", None, "text"),
        ] {
            let wanted = StartVariable {
                value: value.map(str::to_owned),
                allowed: allowed.to_owned(),
            };
            assert_eq!(known.get(name), Some(&wanted), "{name}");
        }
    }

    #[test]
    fn everything_wrong_is_named_with_what_is_allowed() {
        let given = Variables::given(&[
            ("A", "maybe"),
            ("B", "x"),
            ("C", "loud"),
            ("D", ""),
            ("E", "False"),
        ]);
        assert!(given.flag("A", true));
        assert_eq!(given.number("B", 5_u16, "a port"), 5);
        assert_eq!(given.one_of("C", &[("quiet", 1), ("silent", 2)], 1), 1);
        assert!(given.flag("D", true));
        assert!(!given.flag("E", true));
        let Err(StartError::Variables(problems)) = given.finish() else {
            panic!("three are wrong");
        };
        assert_eq!(
            problems,
            [
                "A is \"maybe\"; allowed: true, false",
                "B is \"x\"; allowed: a port",
                "C is \"loud\"; allowed: quiet, silent",
            ]
        );
    }
}
