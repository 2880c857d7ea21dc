use std::collections::BTreeMap;

use keelson_application::system::Report;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object};

use crate::json::Declared;

/// Whether something works.
#[derive(Object)]
pub(super) struct Status {
    /// Always true; otherwise there is an error instead.
    pub(super) status: bool,
}

/// Whether this instance may get traffic.
#[derive(Object)]
pub(super) struct ReadinessReport {
    /// Whether it may: nothing is missing.
    ready: bool,
    /// The steps of the start that are missing.
    missing: Vec<String>,
    /// Parts that do not work as they should, without which the instance serves all the same.
    degraded: Vec<String>,
}

/// Whether this instance may get traffic.
#[derive(ApiResponse)]
pub(super) enum ReadyAnswer {
    /// It may.
    #[oai(status = 200)]
    Ready(Json<ReadinessReport>),
    /// It may not yet, or no more.
    #[oai(status = 503)]
    NotReady(Json<ReadinessReport>),
}

impl From<Report> for ReadyAnswer {
    fn from(report: Report) -> Self {
        let names = |steps: Vec<&str>| steps.into_iter().map(str::to_owned).collect();
        let dto = Json(ReadinessReport {
            ready: report.ready,
            missing: names(report.missing),
            degraded: names(report.degraded),
        });
        match report.ready {
            true => Self::Ready(dto),
            false => Self::NotReady(dto),
        }
    }
}

/// Versions.
#[derive(Object)]
pub(super) struct Version {
    /// The version of the reference that the server is compatible with.
    pub(super) version: String,
    /// Set by the operator; browsers load the front end anew when it changes.
    pub(super) deployment_id: String,
    /// The version of the server.
    pub(super) keelson: String,
}

/// Whether there is a newer version.
#[derive(Object)]
pub(super) struct VersionUpdates {
    /// The version that runs.
    pub(super) current: String,
    /// The newest version.
    pub(super) latest: String,
}

/// What is new, by version, the newest first.
pub(super) type Changelog = Declared<BTreeMap<String, Release>>;

/// What is new in a version.
#[derive(Object)]
pub(super) struct Release {
    /// `YYYY-MM-DD`.
    date: String,
    added: Option<Vec<ChangelogItem>>,
    changed: Option<Vec<ChangelogItem>>,
    fixed: Option<Vec<ChangelogItem>>,
    removed: Option<Vec<ChangelogItem>>,
}

/// A piece of news.
#[derive(Object)]
struct ChangelogItem {
    title: String,
    content: String,
    /// Title and content as they are written in Markdown.
    raw: String,
}

/// One URL.
#[derive(Object)]
pub(super) struct UrlForm {
    pub(super) url: String,
}

/// The web app manifest.
#[derive(Object)]
pub(super) struct Manifest {
    name: String,
    short_name: String,
    description: String,
    start_url: String,
    display: String,
    background_color: String,
    icons: Vec<ManifestIcon>,
    share_target: ShareTarget,
}

/// An icon of the web app.
#[derive(Object)]
struct ManifestIcon {
    src: String,
    /// The media type.
    #[oai(rename = "type")]
    kind: String,
    sizes: String,
    purpose: String,
}

/// Where other apps share texts to.
#[derive(Object)]
struct ShareTarget {
    action: String,
    method: String,
    params: ShareParams,
}

/// How shared texts are sent.
#[derive(Object)]
struct ShareParams {
    /// The parameter of the query.
    text: String,
}

impl Manifest {
    /// The manifest of a site.
    pub(super) fn new(site: &str) -> Self {
        let icon = |purpose: &str| ManifestIcon {
            src: "/static/logo.png".to_owned(),
            kind: "image/png".to_owned(),
            sizes: "500x500".to_owned(),
            purpose: purpose.to_owned(),
        };
        Self {
            name: site.to_owned(),
            short_name: site.to_owned(),
            description: format!("{site}: a workspace for talking with AI models, hosted by yourself."),
            start_url: "/".to_owned(),
            display: "standalone".to_owned(),
            background_color: "#343541".to_owned(),
            icons: vec![icon("any"), icon("maskable")],
            share_target: ShareTarget {
                action: "/".to_owned(),
                method: "GET".to_owned(),
                params: ShareParams {
                    text: "shared".to_owned(),
                },
            },
        }
    }
}
