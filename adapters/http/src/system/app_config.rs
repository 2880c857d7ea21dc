//! `GET /api/config`: the document from which the front end sets itself up.

use keelson_application::system::System;
use keelson_domain::access::administers;
use keelson_domain::auth::Caller;
use keelson_domain::config::{Deployment, Snapshot, table};
use keelson_domain::shared::StoreResult;
use keelson_domain::system::COMPATIBLE_VERSION;
use keelson_domain::user::Role;
use poem_openapi::Object;

use super::features::Features;
use crate::config::PromptSuggestion;
use crate::json::{Column, Declared, Free, Nullable};
use crate::settings_form::value_of;

/// What the front end sets itself up from; more of it for those who are signed in.
#[derive(Object)]
pub(super) struct AppConfig {
    /// True while there is no account: the first to sign up becomes the admin.
    #[oai(skip_serializing_if_is_none)]
    onboarding: Option<bool>,
    /// Always true.
    status: bool,
    /// The name of the site.
    name: String,
    /// The version of the reference that the server is compatible with.
    version: String,
    default_locale: Declared<String>,
    oauth: SignInProviders,
    features: Features,
    #[oai(flatten)]
    workspace: Option<WorkspaceConfig>,
    /// For admins; always null.
    #[oai(skip_serializing_if_is_none)]
    active_entries: Option<Nullable<i64>>,
    #[oai(skip_serializing_if_is_none)]
    ui: Option<PageTexts>,
}

/// Where people may sign in elsewhere.
#[derive(Object)]
struct SignInProviders {
    providers: Free<ProviderNames>,
}

/// The providers' names.
struct ProviderNames;

impl Column for ProviderNames {
    const NAME: &'static str = "SignInProviderNames";
    const DESCRIPTION: &'static str = "The names of the providers to sign in with, by their ids.";
}

/// Texts of the administrator's on pages.
#[derive(Object)]
struct PageTexts {
    pending_user_overlay_title: Declared<Nullable<String>>,
    pending_user_overlay_content: Declared<Nullable<String>>,
    #[oai(skip_serializing_if_is_none)]
    response_watermark: Option<Declared<Nullable<String>>>,
}

/// What the workspace pages need.
#[derive(Object)]
struct WorkspaceConfig {
    /// Ids of models, separated by commas.
    default_models: Declared<Nullable<String>>,
    /// Ids of models, separated by commas.
    default_pinned_models: Declared<Nullable<String>>,
    default_prompt_suggestions: Declared<Vec<PromptSuggestion>>,
    /// How many accounts there are.
    user_count: i64,
    code: Engine,
    audio: AudioConfig,
    file: FileLimits,
    permissions: Declared<Free<DefaultPermissions>>,
    google_drive: GoogleDrive,
    onedrive: OneDrive,
    /// Always null.
    license_metadata: Nullable<String>,
}

/// What everybody may do.
struct DefaultPermissions;

impl Column for DefaultPermissions {
    const NAME: &'static str = "DefaultPermissions";
    const DESCRIPTION: &'static str =
        "What everybody may do, by sections: workspace, sharing, chat, features.";
}

/// The engine of a service.
#[derive(Object)]
struct Engine {
    engine: Declared<String>,
}

/// How speech is made and understood.
#[derive(Object)]
struct AudioConfig {
    tts: SpeechConfig,
    stt: Engine,
}

/// How speech is made.
#[derive(Object)]
struct SpeechConfig {
    engine: Declared<String>,
    voice: Declared<String>,
    /// At what an answer is cut into parts to speak.
    split_on: Declared<String>,
}

/// What may be uploaded.
#[derive(Object)]
struct FileLimits {
    /// In megabytes.
    max_size: Declared<Nullable<i64>>,
    /// How many files a chat may hold.
    max_count: Declared<Nullable<i64>>,
    image_compression: ImageCompression,
}

/// To which size pictures are reduced.
#[derive(Object)]
struct ImageCompression {
    /// In pixels.
    width: Declared<Nullable<i64>>,
    /// In pixels.
    height: Declared<Nullable<i64>>,
}

/// How the front end reaches Google Drive.
#[derive(Object)]
struct GoogleDrive {
    client_id: Declared<String>,
    api_key: Declared<String>,
}

/// How the front end reaches OneDrive.
#[derive(Object)]
struct OneDrive {
    client_id_personal: String,
    client_id_business: String,
    sharepoint_url: Declared<String>,
    sharepoint_tenant_id: Declared<String>,
}

impl AppConfig {
    /// For a caller; strangers and pending users see only what the sign-in page needs.
    pub(super) async fn load(system: &System, caller: Option<&Caller>) -> StoreResult<Self> {
        let is_onboarding = caller.is_none() && !system.has_users().await?;
        let verified = caller.filter(|caller| caller.user.role != Role::Pending);
        let user_count = match verified {
            Some(_) => system.count_users().await?,
            None => 0,
        };
        let current = system.settings.current();
        let (settings, deployment) = (&current, &system.deployment);
        let is_admin = verified.is_some_and(|caller| administers(caller.user.role));
        Ok(Self {
            onboarding: is_onboarding.then_some(true),
            status: true,
            name: deployment.general.name.clone(),
            version: COMPATIBLE_VERSION.to_owned(),
            default_locale: value_of(settings, &table::DEFAULT_LOCALE),
            oauth: SignInProviders {
                providers: Free::default(),
            },
            features: Features::new(settings, deployment, caller.is_some()),
            workspace: verified.map(|_| WorkspaceConfig::new(settings, deployment, user_count)),
            active_entries: is_admin.then_some(Nullable(None)),
            ui: caller.map(|_| PageTexts::new(settings, verified.is_some())),
        })
    }
}

impl PageTexts {
    fn new(settings: &Snapshot, is_verified: bool) -> Self {
        Self {
            pending_user_overlay_title: value_of(settings, &table::PENDING_USER_OVERLAY_TITLE),
            pending_user_overlay_content: value_of(settings, &table::PENDING_USER_OVERLAY_CONTENT),
            response_watermark: is_verified.then(|| value_of(settings, &table::RESPONSE_WATERMARK)),
        }
    }
}

impl WorkspaceConfig {
    fn new(settings: &Snapshot, deployment: &Deployment, user_count: i64) -> Self {
        Self {
            default_models: value_of(settings, &table::DEFAULT_MODELS),
            default_pinned_models: value_of(settings, &table::DEFAULT_PINNED_MODELS),
            default_prompt_suggestions: value_of(settings, &table::DEFAULT_PROMPT_SUGGESTIONS),
            user_count,
            code: Engine {
                engine: value_of(settings, &table::CODE_EXECUTION_ENGINE),
            },
            audio: AudioConfig {
                tts: SpeechConfig {
                    engine: value_of(settings, &table::AUDIO_TTS_ENGINE),
                    voice: value_of(settings, &table::AUDIO_TTS_VOICE),
                    split_on: value_of(settings, &table::AUDIO_TTS_SPLIT_ON),
                },
                stt: Engine {
                    engine: value_of(settings, &table::AUDIO_STT_ENGINE),
                },
            },
            file: FileLimits {
                max_size: value_of(settings, &table::RAG_FILE_MAX_SIZE),
                max_count: value_of(settings, &table::RAG_FILE_MAX_COUNT),
                image_compression: ImageCompression {
                    width: value_of(settings, &table::FILE_IMAGE_COMPRESSION_WIDTH),
                    height: value_of(settings, &table::FILE_IMAGE_COMPRESSION_HEIGHT),
                },
            },
            permissions: value_of(settings, &table::USER_PERMISSIONS),
            google_drive: GoogleDrive {
                client_id: value_of(settings, &table::GOOGLE_DRIVE_CLIENT_ID),
                api_key: value_of(settings, &table::GOOGLE_DRIVE_API_KEY),
            },
            onedrive: OneDrive {
                client_id_personal: deployment.general.onedrive_client_id_personal.clone(),
                client_id_business: deployment.general.onedrive_client_id_business.clone(),
                sharepoint_url: value_of(settings, &table::ONEDRIVE_SHAREPOINT_URL),
                sharepoint_tenant_id: value_of(settings, &table::ONEDRIVE_SHAREPOINT_TENANT_ID),
            },
            license_metadata: Nullable(None),
        }
    }
}
