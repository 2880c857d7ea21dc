//! Records who changed what. Secrets never reach the sink, however the body is formed or truncated.

mod ports;
mod redact;

use std::sync::Arc;

use keelson_domain::audit::{AuditEntry, AuditPolicy, AuditSink, AuditedUser};
use keelson_domain::auth::Caller;
use keelson_domain::shared::{Clock, Ids};
use serde_json::Map;

pub use ports::AuditPorts;

/// The audit log.
pub struct Audit {
    /// What is recorded.
    pub policy: AuditPolicy,
    sink: Arc<dyn AuditSink>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// A completed request, as far as it was observed.
#[derive(Debug, Default)]
pub struct Exchange {
    /// Caller.
    pub caller: Option<Caller>,
    /// Method.
    pub method: String,
    /// The whole address.
    pub uri: String,
    /// Address of the client.
    pub source_ip: Option<String>,
    /// User agent.
    pub user_agent: Option<String>,
    /// Beginning of the request's body.
    pub request: Vec<u8>,
    /// Type of the request's body.
    pub request_type: String,
    /// Status of the response, if there was one.
    pub status: Option<u16>,
    /// Beginning of the response's body.
    pub response: Vec<u8>,
    /// Type of the response's body.
    pub response_type: String,
}

impl Audit {
    /// Records by this policy into this sink.
    pub fn new(
        policy: AuditPolicy,
        sink: Arc<dyn AuditSink>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self {
            policy,
            sink,
            clock,
            ids,
        }
    }

    /// Records a request without its secrets; does not wait.
    pub fn record(&self, exchange: &Exchange) {
        let level = self.policy.level;
        let user = exchange.caller.as_ref().map(|caller| AuditedUser {
            id: caller.id().to_string(),
            name: caller.user.name.clone(),
            email: caller.user.email.clone(),
            role: caller.user.role.as_str().to_owned(),
        });
        let redacted = |is_included: bool, kind: &str, body: &[u8]| {
            if is_included {
                redact::body(kind, body)
            } else {
                String::new()
            }
        };
        self.sink.record(AuditEntry {
            id: self.ids.uuid(),
            timestamp: self.clock.now().seconds(),
            user,
            audit_level: level,
            verb: exchange.method.clone(),
            request_uri: redact::uri(&exchange.uri),
            response_status_code: exchange.status.filter(|_| level.includes_response()),
            source_ip: exchange.source_ip.clone(),
            user_agent: exchange.user_agent.clone(),
            request_object: redacted(
                level.includes_request(),
                &exchange.request_type,
                &exchange.request,
            ),
            response_object: redacted(
                level.includes_response(),
                &exchange.response_type,
                &exchange.response,
            ),
            extra: Map::new(),
        });
    }

    /// Waits until every entry recorded before is written.
    pub async fn flush(&self) {
        self.sink.flush().await;
    }
}
