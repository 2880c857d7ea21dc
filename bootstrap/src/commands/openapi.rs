use std::collections::HashMap;
use std::sync::Arc;

use keelson_application::system::Readiness;
use keelson_persistence_kit::{Database, DatabaseUrl, PoolOptions};
use secrecy::SecretString;

use super::print;
use crate::build::App;
use crate::config::{Configuration, StartError, Variables};

/// Prints the document that clients are generated from. The services behind it stand on an empty database.
pub(super) async fn run() -> Result<(), StartError> {
    let unusable = |error: std::io::Error| StartError::Unusable(format!("no temporary folder: {error}"));
    let folder = tempfile::tempdir().map_err(unusable)?;
    let values = HashMap::from([
        ("DATA_DIR".to_owned(), folder.path().display().to_string()),
        ("WEBUI_SECRET_KEY".to_owned(), "not used".to_owned()),
    ]);
    let configuration = Configuration::from_variables(Variables::from(values))?;
    let url = SecretString::from(format!("sqlite:///{}", folder.path().join("empty.db").display()));
    let url = DatabaseUrl::parse(&url, None)?;
    let database = Database::open(&url, &PoolOptions::default()).await?;
    let app = App::build(Arc::new(configuration), &database, Readiness::default()).await?;
    print(&keelson_http::openapi_document(&app.services))
}
