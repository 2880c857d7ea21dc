use serde_json::Value;

use super::Setting;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The database.
    Database,
    /// The environment.
    Environment,
    /// The built-in default.
    Default,
    /// A change made in this process, which a stored value cannot bring into force: it lasts until the process ends.
    Process,
}

/// All settings at one moment; immutable, shared by reference. A read is an index into a slice.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Counts changes of the stored tree; higher is newer.
    version: i64,
    values: Box<[(Value, Origin)]>,
}

impl Snapshot {
    /// From one value and origin per setting, in the order of [`super::table::ALL`].
    pub fn new(version: i64, values: Vec<(Value, Origin)>) -> Self {
        assert_eq!(values.len(), super::table::ALL.len(), "one value per setting");
        Self {
            version,
            values: values.into_boxed_slice(),
        }
    }

    /// The same, but for settings that were changed in this process only.
    #[must_use]
    pub fn with_changed<'c>(mut self, changed: impl IntoIterator<Item = (&'c u16, &'c Value)>) -> Self {
        for (index, value) in changed {
            self.values[usize::from(*index)] = (value.clone(), Origin::Process);
        }
        self
    }

    /// Version of the stored tree that this was made from.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// The value as JSON.
    pub fn get(&self, setting: &Setting) -> &Value {
        &self.values[usize::from(setting.index)].0
    }

    /// Where the value comes from.
    pub fn origin(&self, setting: &Setting) -> Origin {
        self.values[usize::from(setting.index)].1
    }

    /// A switch; anything but `true` is off.
    pub fn bool(&self, setting: &Setting) -> bool {
        self.get(setting).as_bool().unwrap_or(false)
    }

    /// A text; anything but text is empty.
    pub fn text(&self, setting: &Setting) -> &str {
        self.get(setting).as_str().unwrap_or("")
    }

    /// A whole number, if it is one.
    pub fn int(&self, setting: &Setting) -> Option<i64> {
        self.get(setting).as_i64()
    }

    /// A list; anything else is empty.
    pub fn list(&self, setting: &Setting) -> &[Value] {
        self.get(setting).as_array().map_or(&[], Vec::as_slice)
    }

    /// The texts of a list.
    pub fn texts(&self, setting: &Setting) -> Vec<&str> {
        self.list(setting).iter().filter_map(Value::as_str).collect()
    }
}
