//! The deployment's configuration: variables read once, checked, one struct a section.

mod audit;
mod auth;
mod completion;
mod database;
mod general;
mod http;
mod ignored;
mod redis;
mod settings;
mod time_zone;
mod variables;
mod warnings;

use std::collections::BTreeMap;

use keelson_application::config::Layers;
use keelson_domain::config::Deployment;
use keelson_persistence_kit::{DatabaseUrl, PoolOptions};
use keelson_redis::RedisOptions;
use keelson_telemetry::LogOptions;
use secrecy::SecretString;

pub use audit::AuditConfig;
pub use http::HttpConfig;
pub use variables::{StartVariable, Variables};

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Variables are wrong; one line each.
    #[error("these variables are wrong:\n  {}", .0.join("\n  "))]
    Variables(Vec<String>),
    /// Something that the start needs cannot be used; the text says what, and what to do.
    #[error("{0}")]
    Unusable(String),
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] keelson_persistence_kit::DatabaseError),
    /// The settings cannot be read or changed.
    #[error("the stored settings: {0}")]
    Settings(#[from] keelson_application::config::ConfigError),
    /// What the start reads from the database cannot be read.
    #[error("the database cannot be read")]
    Store(#[from] keelson_domain::shared::StoreError),
}

/// Everything that variables configure.
#[derive(Debug)]
pub struct Configuration {
    /// The part that the core reads.
    pub deployment: Deployment,
    /// The HTTP server.
    pub http: HttpConfig,
    /// The audit log.
    pub audit: AuditConfig,
    /// Which database.
    pub database: DatabaseUrl,
    /// Its pool.
    pub pool: PoolOptions,
    /// Redis, if it is used.
    pub redis: Option<RedisOptions>,
    /// The layers under the stored settings.
    pub layers: Layers,
    /// Variables that are set and have no effect here, with the reason.
    pub ignored: Vec<(&'static str, &'static str)>,
    /// Variables that are likely not meant as they are written, with what is odd about them.
    pub warnings: Vec<(String, String)>,
    /// `RESET_CONFIG_ON_START`.
    pub reset_settings: bool,
    /// What is logged, and how.
    pub log: LogOptions,
    /// Every variable that is read at the start, by name.
    pub variables: BTreeMap<String, StartVariable>,
}

impl Configuration {
    /// Reads and checks all variables. Creates the data folder and the secret key where they are missing.
    ///
    /// # Errors
    /// [`StartError::Variables`] with everything that is wrong; or when the data folder cannot be used.
    pub fn load() -> Result<Self, StartError> {
        Self::from_variables(Variables::read()?)
    }

    /// As [`Configuration::load`], from variables that were read.
    ///
    /// # Errors
    /// The same.
    pub fn from_variables(variables: Variables) -> Result<Self, StartError> {
        let (mut configuration, key) = Self::check(variables)?;
        let data_dir = &configuration.deployment.general.data_dir;
        std::fs::create_dir_all(data_dir).map_err(|error| {
            StartError::Unusable(format!(
                "DATA_DIR {} cannot be used: {error}; set it to a folder that this user may write to",
                data_dir.display()
            ))
        })?;
        configuration.deployment.auth.secret_key = match key {
            Some(key) => key,
            None => auth::load_or_create_key(data_dir)?,
        };
        Ok(configuration)
    }

    /// Reads and checks all variables, and creates nothing: for commands that only look. Without the secret key.
    ///
    /// # Errors
    /// [`StartError::Variables`] with everything that is wrong.
    pub fn inspect() -> Result<Self, StartError> {
        let (configuration, _key) = Self::check(Variables::read()?)?;
        Ok(configuration)
    }

    /// What the variables say, and the secret key, if they hold one.
    fn check(variables: Variables) -> Result<(Self, Option<SecretString>), StartError> {
        let log = general::log(&variables);
        let general = general::section(&variables);
        let (database, pool) = database::section(&variables, &general.data_dir);
        let http = http::section(&variables, &general.data_dir);
        let redis = redis::section(&variables);
        let audit = audit::section(&variables, &general.data_dir);
        let access = auth::access(&variables);
        let websocket = http::websocket(&variables);
        let providers = completion::providers(&variables);
        let completion = completion::section(&variables);
        let mut ignored = ignored::section(&variables);
        ignored.extend(time_zone::problem(&variables));
        let egress = http::egress(&variables);
        let layers = settings::layers(&variables);
        let reset_settings = variables.flag("RESET_CONFIG_ON_START", false);
        let auth = auth::section(&variables);
        let key = variables
            .secret("WEBUI_SECRET_KEY")
            .or_else(|| variables.secret("WEBUI_JWT_SECRET_KEY"));
        let warnings = warnings::section(&variables, &http::build_dir(&variables, &general.data_dir));
        let known = variables.known();
        variables.finish()?;

        let deployment = Deployment {
            general,
            auth,
            access,
            websocket,
            providers,
            completion,
            egress,
        };
        let configuration = Self {
            deployment,
            http,
            audit,
            database: database?,
            pool,
            redis,
            layers,
            ignored,
            warnings,
            reset_settings,
            log,
            variables: known,
        };
        Ok((configuration, key))
    }
}
