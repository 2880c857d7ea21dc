//! Forms that are nothing but settings: a plain struct says what goes over the wire, one table binds its fields to the
//! settings. A setting that does not exist does not compile; a field without a setting fails [`assert_bound`], which
//! every form's test calls.

use keelson_application::config::{ConfigError, Settings};
use keelson_domain::config::{Setting, Snapshot};
use poem_openapi::types::{ToJSON, Type};
use serde_json::{Map, Value};

use crate::json::Declared;

/// A field of a form, and the setting that it shows and changes.
pub(crate) struct Field {
    name: &'static str,
    setting: Setting,
}

impl Field {
    /// A field that bears the name of the setting's variable.
    pub(crate) const fn of(setting: Setting) -> Self {
        Self {
            name: setting.env,
            setting,
        }
    }

    /// A field with a name of its own.
    pub(crate) const fn named(name: &'static str, setting: Setting) -> Self {
        Self { name, setting }
    }
}

/// A form that is nothing but settings.
pub(crate) trait SettingsForm: Type + ToJSON {
    /// Every field of the struct, by its name on the wire.
    const FIELDS: &'static [Field];

    /// The settings of the form, with the values sent.
    fn changes(&self) -> Vec<(Setting, Value)> {
        let mut sent = match self.to_json() {
            Some(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        Self::FIELDS
            .iter()
            .filter_map(|field| Some((field.setting, sent.shift_remove(field.name)?)))
            .collect()
    }
}

/// The settings of a form as they are in force. Values that another server stored are shown as they are.
pub(crate) fn in_force<F: SettingsForm>(settings: &Snapshot) -> Declared<F> {
    let value = |field: &Field| (field.name.to_owned(), settings.get(&field.setting).clone());
    Declared::from(Value::Object(F::FIELDS.iter().map(value).collect()))
}

/// A setting as it is in force, declared as what it should hold.
pub(crate) fn value_of<T>(settings: &Snapshot, setting: &Setting) -> Declared<T> {
    settings.get(setting).clone().into()
}

/// Changes all settings of a form at once; answers those in force then.
///
/// # Errors
/// Those of [`Settings::change`].
pub(crate) async fn save<F: SettingsForm>(settings: &Settings, form: &F) -> Result<Declared<F>, ConfigError> {
    Ok(in_force(&*settings.change(&form.changes()).await?))
}

/// Fails unless every field of a form is bound to a setting that may hold what the field does.
#[cfg(test)]
pub(crate) fn assert_bound<F: SettingsForm>() {
    use std::collections::BTreeMap;

    use keelson_domain::config::Kind;
    use poem_openapi::registry::{MetaSchemaRef, Registry};

    let mut registry = Registry::new();
    F::register(&mut registry);
    let form = F::name();
    let schema = &registry.schemas[form.as_ref()];
    let fields: BTreeMap<_, _> = schema
        .properties
        .iter()
        .map(|(name, schema)| (*name, schema))
        .collect();
    let bound: BTreeMap<_, _> = F::FIELDS
        .iter()
        .map(|field| (field.name, &field.setting))
        .collect();
    assert_eq!(
        fields.keys().collect::<Vec<_>>(),
        bound.keys().collect::<Vec<_>>(),
        "the fields of {form} and those bound to settings"
    );
    for (name, setting) in bound {
        let held = match fields[name] {
            MetaSchemaRef::Inline(schema) if schema.all_of.is_empty() => schema.ty,
            _ => "object",
        };
        let fits = match setting.kind {
            Kind::Bool => held == "boolean",
            Kind::Text => held == "string",
            Kind::Int => held == "integer",
            Kind::Float => held == "number",
            Kind::List => held == "array",
            Kind::Object => held == "object",
            Kind::Nullable => matches!(held, "string" | "integer" | "number"),
        };
        assert!(
            fits,
            "{form}: {name} is a {held}, its setting holds {:?}",
            setting.kind
        );
    }
}
