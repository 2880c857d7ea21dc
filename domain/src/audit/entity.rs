use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

/// How much of a request is recorded (`AUDIT_LOG_LEVEL`); each level includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditLevel {
    /// Nothing.
    #[default]
    None,
    /// Who, when, from where, which operation.
    Metadata,
    /// The request's body too.
    Request,
    /// The response's status and body too.
    RequestResponse,
}

impl AuditLevel {
    /// Whether the bodies of requests are recorded.
    pub fn includes_request(self) -> bool {
        self >= Self::Request
    }

    /// Whether responses are recorded.
    pub fn includes_response(self) -> bool {
        self >= Self::RequestResponse
    }
}

/// Who made the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditedUser {
    /// Id of the account.
    pub id: String,
    /// Name at that time.
    pub name: String,
    /// E-mail at that time.
    pub email: String,
    /// Role at that time.
    pub role: String,
}

/// One line of the audit log; names and order of the fields are those of the reference's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Id of the entry.
    pub id: Uuid,
    /// When the request was over, in seconds since the epoch.
    pub timestamp: i64,
    /// Who made the request; an empty object when nobody was signed in.
    #[serde(serialize_with = "or_empty")]
    pub user: Option<AuditedUser>,
    /// How much is recorded.
    pub audit_level: AuditLevel,
    /// Method.
    pub verb: String,
    /// The whole address, without secrets.
    pub request_uri: String,
    /// Status of the response; none below [`AuditLevel::RequestResponse`], or when the client did not wait for it.
    pub response_status_code: Option<u16>,
    /// Where the request came from.
    pub source_ip: Option<String>,
    /// User agent.
    pub user_agent: Option<String>,
    /// Beginning of the request's body, without secrets.
    pub request_object: String,
    /// Beginning of the response's body, without secrets.
    pub response_object: String,
    /// Always empty, as in the reference.
    pub extra: Map<String, Value>,
}

fn or_empty<S: serde::Serializer>(user: &Option<AuditedUser>, serializer: S) -> Result<S::Ok, S::Error> {
    match user {
        Some(user) => user.serialize(serializer),
        None => Map::new().serialize(serializer),
    }
}
