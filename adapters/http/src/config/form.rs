//! Forms that are nothing but settings: one declaration checks the body, writes the settings and shows them.

/// Declares a form whose fields are settings. The fields' names on the wire are theirs in capitals.
///
/// `changes` turns a body into what [`keelson_application::config::Settings::change`] takes, so that the whole
/// form is one transaction; `shown` answers the settings in force under the same names.
macro_rules! settings_form {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty => $setting:ident,)* }) => {
        $(#[$doc])*
        #[derive(poem_openapi::Object)]
        #[oai(rename_all = "SCREAMING_SNAKE_CASE")]
        struct $name {
            $($field: $kind,)*
        }

        impl $name {
            /// The settings that the form names, with the values sent.
            fn changes(&self) -> Vec<(keelson_domain::config::Setting, serde_json::Value)> {
                vec![$((
                    keelson_domain::config::table::$setting,
                    poem_openapi::types::ToJSON::to_json(&self.$field).unwrap_or_default(),
                ),)*]
            }

            /// The settings that the form names, as they are in force.
            fn shown(settings: &keelson_domain::config::Snapshot) -> serde_json::Value {
                let mut fields = serde_json::Map::new();
                $(fields.insert(
                    stringify!($field).to_ascii_uppercase(),
                    settings.get(&keelson_domain::config::table::$setting).clone(),
                );)*
                serde_json::Value::Object(fields)
            }
        }
    };
}

pub(crate) use settings_form;
