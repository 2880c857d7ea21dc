use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The id of a `T`, as the database holds it: text, not a UUID, because data made by the reference holds others too.
pub struct TextId<T> {
    text: String,
    of: PhantomData<fn() -> T>,
}

impl<T> TextId<T> {
    /// Wraps an id that came from outside.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            text: id.into(),
            of: PhantomData,
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The id as owned text.
    pub fn into_string(self) -> String {
        self.text
    }
}

// Derived implementations would ask the same of `T`, of which there is none inside.

impl<T> Clone for TextId<T> {
    fn clone(&self) -> Self {
        Self::new(self.text.clone())
    }
}

impl<T> PartialEq for TextId<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for TextId<T> {}

impl<T> PartialOrd for TextId<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for TextId<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<T> Hash for TextId<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<T> fmt::Debug for TextId<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl<T> fmt::Display for TextId<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<T> From<String> for TextId<T> {
    fn from(id: String) -> Self {
        Self::new(id)
    }
}

impl<T> From<&str> for TextId<T> {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

impl<T> Serialize for TextId<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for TextId<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Thing;

    #[test]
    fn an_id_is_its_text() {
        let id: TextId<Thing> = "a".into();
        assert_eq!(id, TextId::new("a".to_owned()));
        assert!(id < TextId::from("b"));
        assert_eq!(format!("{id} {id:?}"), "a \"a\"");
        let json = serde_json::to_string(&id).expect("JSON");
        assert_eq!(json, "\"a\"");
        let read: TextId<Thing> = serde_json::from_str(&json).expect("an id");
        assert_eq!(read.into_string(), "a");
    }
}
