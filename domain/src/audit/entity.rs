use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

/// How much of a request is written down (`AUDIT_LOG_LEVEL`); each level holds what those before it hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditLevel {
    /// Nothing is written.
    #[default]
    None,
    /// Who, when, from where, which operation.
    Metadata,
    /// The request's body too.
    Request,
    /// The answer's status and body too.
    RequestResponse,
}

impl AuditLevel {
    /// Whether the bodies of requests are written down.
    pub fn holds_request(self) -> bool {
        self >= Self::Request
    }

    /// Whether answers are written down.
    pub fn holds_response(self) -> bool {
        self >= Self::RequestResponse
    }
}

/// Whose request it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditedUser {
    /// Id of the account.
    pub id: String,
    /// Name then.
    pub name: String,
    /// E-mail then.
    pub email: String,
    /// Role then.
    pub role: String,
}

/// One line of the audit log; names and order of the fields are those of the reference's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Id of the entry.
    pub id: Uuid,
    /// When the request was over, in seconds since the epoch.
    pub timestamp: i64,
    /// Whose request it was; an empty object when nobody was signed in.
    #[serde(serialize_with = "or_empty")]
    pub user: Option<AuditedUser>,
    /// How much is written down.
    pub audit_level: AuditLevel,
    /// Method.
    pub verb: String,
    /// The whole address, without secrets.
    pub request_uri: String,
    /// Status of the answer; none below [`AuditLevel::RequestResponse`], or when nobody waited for an answer.
    pub response_status_code: Option<u16>,
    /// Where the request came from.
    pub source_ip: Option<String>,
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// Beginning of the request's body, without secrets.
    pub request_object: String,
    /// Beginning of the answer's body, without secrets.
    pub response_object: String,
    /// Room for more.
    pub extra: Map<String, Value>,
}

fn or_empty<S: serde::Serializer>(user: &Option<AuditedUser>, serializer: S) -> Result<S::Ok, S::Error> {
    match user {
        Some(user) => user.serialize(serializer),
        None => Map::new().serialize(serializer),
    }
}
