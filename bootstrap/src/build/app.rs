use std::sync::Arc;
use std::time::Duration;

use keelson_application::auth::{Auth, Authenticator};
use keelson_application::chat::Chats;
use keelson_application::completion::{Completions, Foundations};
use keelson_application::config::Settings;
use keelson_application::folder::Folders;
use keelson_application::generation::Generations;
use keelson_application::group::Groups;
use keelson_application::model::Models;
use keelson_application::realtime::Realtime;
use keelson_application::system::{Readiness, System};
use keelson_application::task::Tasks;
use keelson_application::user::Users;
use keelson_application::webhook::Notices;
use keelson_application::workspace::Workspace;
use keelson_http::Services;
use keelson_persistence_kit::Database;
use keelson_sockets::{Options, Sockets, Transport};
use poem::Response;
use poem::endpoint::BoxEndpoint;

use super::ports;
use crate::config::{Configuration, StartError};

/// The server's parts, wired.
pub struct App {
    /// What the operations call.
    pub services: Services,
    /// Open pages.
    pub sockets: Sockets,
    configuration: Arc<Configuration>,
}

impl App {
    /// Wires everything over an open database.
    ///
    /// # Errors
    /// When the stored settings cannot be read.
    pub async fn build(
        configuration: Arc<Configuration>,
        database: &Database,
        readiness: Readiness,
    ) -> Result<Self, StartError> {
        let deployment = Arc::new(configuration.deployment.clone());
        let sockets = Sockets::new(socket_options(&configuration));
        let ports = ports(&configuration, database, sockets.bus())?;
        let settings = Arc::new(
            Settings::load(
                ports.settings_store.clone(),
                ports.settings_feed.clone(),
                configuration.layers.clone(),
            )
            .await?,
        );
        let authenticator = Arc::new(Authenticator::new(&ports, settings.clone()));
        let auth = Arc::new(Auth::new(
            &ports,
            authenticator.clone(),
            settings.clone(),
            deployment.clone(),
        ));
        let workspace = Workspace::new(&ports, auth.clone(), deployment.clone());
        let chats = Chats::new(&ports, auth.clone(), deployment.clone());
        let folders = Folders::new(&ports, settings.clone(), auth.clone());
        let models = Arc::new(Models::new(&ports, settings.clone(), deployment.clone()));
        let tasks = Arc::new(Tasks::new(&ports));
        let generations = Arc::new(Generations::new(&ports, models.clone(), settings.clone()));
        let completions = Completions::new(
            &ports,
            Foundations {
                models: models.clone(),
                tasks: tasks.clone(),
                generations: generations.clone(),
                deployment: deployment.clone(),
                notices: Notices::new(&ports, settings.clone(), deployment.clone()),
            },
        );
        let users = Users::new(&ports, authenticator.clone(), deployment.clone());
        let realtime = Realtime::from_ports(
            &ports,
            authenticator.clone(),
            settings.clone(),
            deployment.access.public_active_users_count,
        );
        let system = System::new(&ports, deployment, settings.clone(), readiness);
        let services = Services {
            authenticator,
            realtime: Arc::new(realtime),
            settings,
            auth,
            system: Arc::new(system),
            users: Arc::new(users),
            groups: Arc::new(Groups::new(&ports)),
            workspace: Arc::new(workspace),
            models,
            completions: Arc::new(completions),
            tasks,
            generations,
            chats: Arc::new(chats),
            folders: Arc::new(folders),
        };
        Ok(Self {
            services,
            sockets,
            configuration,
        })
    }

    /// The whole way in.
    pub fn endpoint(&self) -> BoxEndpoint<'static, Response> {
        let sockets = self.sockets.endpoint(self.services.realtime.clone());
        keelson_http::endpoint(&self.services, &self.configuration.http.options, Some(sockets))
    }

    /// Ends what runs: answers finish or are stored as far as they came, then open pages are told to connect elsewhere.
    pub async fn close(&self, within: Duration) {
        self.services.tasks.finish_within(within).await;
        if tokio::time::timeout(within, self.sockets.close()).await.is_err() {
            tracing::warn!("some pages did not close in time");
        }
    }
}

fn socket_options(configuration: &Configuration) -> Options {
    let websocket = &configuration.deployment.websocket;
    Options {
        transport: if websocket.enabled {
            Transport::Websocket
        } else {
            Transport::Polling
        },
        ping_interval: websocket.ping_interval,
        ping_timeout: websocket.ping_timeout,
        origins: configuration.http.origins.clone(),
    }
}
