use std::collections::HashMap;

use clap::Subcommand;
use keelson_application::config::{Settings, allowed, from_text};
use keelson_domain::config::{Origin, Setting, table};
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

impl ConfigCommand {
    /// Whether it writes; the others create nothing.
    fn changes(&self) -> bool {
        matches!(self, Self::Set { .. } | Self::Reset { .. })
    }
}

pub(super) async fn run(command: ConfigCommand) -> Result<(), StartError> {
    let changes = command.changes();
    let configuration = if changes {
        Configuration::load()?
    } else {
        Configuration::inspect()?
    };
    if let ConfigCommand::Explain { name } = &command
        && find(name).is_err()
    {
        return explain_variable(&configuration, name);
    }
    let database = open(&configuration, changes).await?;
    let store = keelson_persistence_platform::settings_store(&database);
    let settings = Settings::load(store, Arc::new(NoopSettingsFeed), configuration.layers).await?;
    match command {
        ConfigCommand::List { filter } => list(&settings, filter.as_deref().unwrap_or_default()),
        ConfigCommand::Get { name } => print(&settings.current().get(find(&name)?).to_string()),
        ConfigCommand::Set { name, value } => {
            let setting = find(&name)?;
            let value =
                from_text(setting, &value).map_err(|error| StartError::Unusable(error.to_string()))?;
            settings.change(&[(*setting, value)]).await?;
            print(&line(&settings, setting))
        }
        ConfigCommand::Reset { name } => {
            let setting = find(&name)?;
            settings.reset(&[*setting]).await?;
            print(&line(&settings, setting))
        }
        ConfigCommand::Explain { name } => explain(&settings, find(&name)?).await,
    }
}

/// The database; an empty one in memory where there is none yet and none is to be made.
async fn open(configuration: &Configuration, creates: bool) -> Result<Database, StartError> {
    let database = match &configuration.database {
        #[cfg(feature = "sqlite")]
        keelson_persistence_kit::DatabaseUrl::Sqlite { path, .. } if !creates && !path.exists() => {
            Database::in_memory().await
        }
        url => Database::open(url, &configuration.pool).await,
    };
    Ok(database?)
}

fn list(settings: &Settings, filter: &str) -> Result<(), StartError> {
    let filter = filter.to_lowercase();
    for setting in table::ALL {
        if setting.env.to_lowercase().contains(&filter) || setting.path.contains(&filter) {
            print(&line(settings, setting))?;
        }
    }
    Ok(())
}

/// What a variable is that is no setting: such a one is read at the start alone.
fn explain_variable(configuration: &Configuration, name: &str) -> Result<(), StartError> {
    let name = name.to_uppercase();
    let Some(variable) = configuration.variables.get(&name) else {
        return Err(unknown(&name, configuration.variables.keys().map(String::as_str)));
    };
    match &variable.value {
        Some(value) => print(&format!("{name}={value}  (environment)"))?,
        None => print(&format!("{name} is not set  (default)"))?,
    }
    print("  read         at the start: a change counts once the server was started again")?;
    print(&format!("  allowed      {}", variable.allowed))
}

async fn explain(settings: &Settings, setting: &Setting) -> Result<(), StartError> {
    let snapshot = settings.snapshot();
    let layers = settings.layers();
    let tree = settings.export().await?.tree;
    let stored = setting
        .path
        .split('.')
        .try_fold(&tree, |node, name| node.get(name));
    print(&line(settings, setting))?;
    print("  read         the stored value at once, the variable at the start")?;
    print(&format!("  path         {}", setting.path))?;
    print(&format!("  allowed      {}", allowed(setting)))?;
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

fn line(settings: &Settings, setting: &Setting) -> String {
    let snapshot = settings.snapshot();
    let value = snapshot.get(setting);
    let variable = settings.layers().environment.get(setting.env);
    let origin = match snapshot.origin(setting) {
        Origin::Database => match variable.filter(|variable| *variable != value) {
            Some(hidden) => format!(
                "database; hides the variable, which is {}",
                shown(setting, Some(hidden))
            ),
            None => "database".to_owned(),
        },
        Origin::Environment => "environment".to_owned(),
        Origin::Default => "default".to_owned(),
        Origin::Process => {
            "stored, but it does not count: ENABLE_PERSISTENT_CONFIG or ENABLE_OAUTH_PERSISTENT_CONFIG is off"
                .to_owned()
        }
    };
    format!("{}={}  ({origin})", setting.env, shown(setting, Some(value)))
}

fn find(name: &str) -> Result<&'static Setting, StartError> {
    let by_name: HashMap<_, _> = table::ALL
        .iter()
        .flat_map(|setting| [(setting.env, setting), (setting.path, setting)])
        .collect();
    let found = by_name.get(name).copied();
    found.ok_or_else(|| unknown(name, std::iter::empty()))
}

/// Why there is nothing of this name; `others` are names beside those of settings.
fn unknown<'n>(name: &str, others: impl Iterator<Item = &'n str>) -> StartError {
    let wanted = name.to_uppercase();
    let near: Vec<_> = table::ALL
        .iter()
        .map(|setting| setting.env)
        .chain(others)
        .filter(|known| known.contains(&wanted))
        .take(5)
        .collect();
    let hint = if near.is_empty() {
        "keelson config list shows all".to_owned()
    } else {
        format!("do you mean {}?", near.join(", "))
    };
    StartError::Unusable(format!("there is no setting {name}; {hint}"))
}
