//! Reads variables one by one and collects everything that is wrong with them.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
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
    read: RefCell<BTreeSet<String>>,
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
        self.read.borrow_mut().insert(name.to_owned());
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
            .filter(|name| !read.contains(*name) && fits(name));
        let names: BTreeSet<String> = names.cloned().collect();
        names.into_iter().collect()
    }

    /// The names with this beginning that were asked for.
    pub fn read_names(&self, prefix: &str) -> Vec<String> {
        let read = self.read.borrow();
        read.iter()
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
        self.raw(name)
            .filter(|text| !text.is_empty())
            .map(SecretString::from)
    }

    /// A boolean.
    pub fn flag(&self, name: &str, default: bool) -> bool {
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
        let Some(text) = self.text(name) else {
            return default;
        };
        parse_size(&text).unwrap_or_else(|| {
            self.reject(name, Some(&text), "a size above 0, such as 500KB, 10MB or 1GB");
            default
        })
    }

    /// One of some words, whatever their case.
    pub fn one_of<T: Copy>(&self, name: &str, words: &[(&str, T)], default: T) -> T {
        let Some(text) = self.text(name) else {
            return default;
        };
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(&text));
        found.map_or_else(
            || {
                let allowed: Vec<_> = words.iter().map(|(word, _)| *word).collect();
                self.reject(name, Some(&text), &allowed.join(", "));
                default
            },
            |(_, value)| *value,
        )
    }

    /// The items of a list; empty ones are left out.
    pub fn list(&self, name: &str, separator: char) -> Vec<String> {
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
            read: RefCell::new(BTreeSet::from([FILE_VARIABLE.to_owned()])),
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
