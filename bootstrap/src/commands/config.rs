use std::collections::HashMap;

use clap::Subcommand;
use keelson_application::config::{Settings, from_text};
use keelson_domain::config::{Origin, Setting, Snapshot, table};
use keelson_memory::config::NoopSettingsFeed;
use keelson_persistence_kit::Database;
use serde_json::Value;
use std::sync::Arc;

use super::print;
use crate::config::{Configuration, StartError};

/// What can be done with settings. A running server sees changes within seconds.
#[derive(Subcommand)]
pub(super) enum ConfigCommand {
    /// Every setting with its value and where that comes from
    List {
        /// Only those whose name holds this text
        filter: Option<String>,
    },
    /// The value of one setting, as JSON; secrets are shown
    Get {
        /// Name of its variable, such as `ENABLE_SIGNUP`, or its dotted path
        name: String,
    },
    /// Store a value
    Set {
        /// Name
        name: String,
        /// Value, in the form that its variable has
        value: String,
    },
    /// Forget the stored value, so that the variable or the default counts
    Reset {
        /// Name
        name: String,
    },
    /// What one setting could be, and why it is what it is
    Explain {
        /// Name
        name: String,
    },
}

pub(super) async fn run(command: ConfigCommand, configuration: Configuration) -> Result<(), StartError> {
    let database = Database::open(&configuration.database, &configuration.pool).await?;
    let store = keelson_persistence_platform::settings_store(&database);
    let settings = Settings::load(store, Arc::new(NoopSettingsFeed), configuration.layers).await?;
    match command {
        ConfigCommand::List { filter } => list(&settings, filter.as_deref().unwrap_or_default()),
        ConfigCommand::Get { name } => print(&settings.current().get(find(&name)?).to_string()),
        ConfigCommand::Set { name, value } => {
            let setting = find(&name)?;
            let value =
                from_text(setting, &value).map_err(|error| StartError::Unusable(error.to_string()))?;
            let snapshot = settings.change(&[(*setting, value)]).await?;
            print(&line(&snapshot, setting))
        }
        ConfigCommand::Reset { name } => {
            let setting = find(&name)?;
            let snapshot = settings.reset(&[*setting]).await?;
            print(&line(&snapshot, setting))
        }
        ConfigCommand::Explain { name } => explain(&settings, find(&name)?).await,
    }
}

fn list(settings: &Settings, filter: &str) -> Result<(), StartError> {
    let snapshot = settings.snapshot();
    let filter = filter.to_lowercase();
    for setting in table::ALL {
        if setting.env.to_lowercase().contains(&filter) || setting.path.contains(&filter) {
            print(&line(&snapshot, setting))?;
        }
    }
    Ok(())
}

async fn explain(settings: &Settings, setting: &Setting) -> Result<(), StartError> {
    let snapshot = settings.snapshot();
    let layers = settings.layers();
    let tree = settings.export().await?.tree;
    let stored = setting
        .path
        .split('.')
        .try_fold(&tree, |node, name| node.get(name));
    print(&line(&snapshot, setting))?;
    print(&format!("  path         {}", setting.path))?;
    print(&format!("  holds        {:?}", setting.kind))?;
    print(&format!("  default      {}", setting.default))?;
    let environment = layers.environment.get(setting.env);
    print(&format!("  environment  {}", shown(setting, environment)))?;
    print(&format!("  database     {}", shown(setting, stored)))?;
    if snapshot.origin(setting) == Origin::Database
        && environment.is_some_and(|value| value != snapshot.get(setting))
    {
        print("  The stored value hides the variable; `keelson config reset` lets the variable count.")?;
    }
    if stored.is_some() && snapshot.origin(setting) != Origin::Database {
        print(
            "  The stored value does not count (ENABLE_PERSISTENT_CONFIG, ENABLE_OAUTH_PERSISTENT_CONFIG).",
        )?;
    }
    Ok(())
}

fn shown(setting: &Setting, value: Option<&Value>) -> String {
    match value {
        None => "not set".to_owned(),
        Some(value) if setting.secret && *value != Value::String(String::new()) => "(secret)".to_owned(),
        Some(value) => value.to_string(),
    }
}

fn line(snapshot: &Snapshot, setting: &Setting) -> String {
    let origin = match snapshot.origin(setting) {
        Origin::Database => "database",
        Origin::Environment => "environment",
        Origin::Default => "default",
        Origin::Process => {
            "stored, but it does not count: ENABLE_PERSISTENT_CONFIG or ENABLE_OAUTH_PERSISTENT_CONFIG is off"
        }
    };
    format!(
        "{}={}  ({origin})",
        setting.env,
        shown(setting, Some(snapshot.get(setting)))
    )
}

fn find(name: &str) -> Result<&'static Setting, StartError> {
    let by_name: HashMap<_, _> = table::ALL
        .iter()
        .flat_map(|setting| [(setting.env, setting), (setting.path, setting)])
        .collect();
    by_name.get(name).copied().ok_or_else(|| {
        let near: Vec<_> = table::ALL
            .iter()
            .filter(|setting| setting.env.contains(&name.to_uppercase()))
            .map(|setting| setting.env)
            .take(5)
            .collect();
        let hint = if near.is_empty() {
            "keelson config list shows all".to_owned()
        } else {
            format!("do you mean {}?", near.join(", "))
        };
        StartError::Unusable(format!("there is no setting {name}; {hint}"))
    })
}
