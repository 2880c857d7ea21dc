use keelson_domain::audit::{AuditEntry, AuditLevel, AuditSink};
use keelson_memory::audit::{MemoryAudit, NoopAuditSink};
use keelson_telemetry::{AuditFile, AuditOptions};
use pretty_assertions::assert_eq;
use serde_json::{Map, Value, json};
use uuid::Uuid;

fn entry(number: usize) -> AuditEntry {
    AuditEntry {
        id: Uuid::from_u128(number as u128),
        timestamp: number as i64,
        user: None,
        audit_level: AuditLevel::Metadata,
        verb: "POST".to_owned(),
        request_uri: format!("http://localhost/{number}\n"),
        response_status_code: Some(200),
        source_ip: None,
        user_agent: None,
        request_object: String::new(),
        response_object: String::new(),
        extra: Map::new(),
    }
}

/// What every sink must do: take entries without waiting, and have written them in their order when it was flushed.
async fn suite(sink: &dyn AuditSink) {
    sink.flush().await;
    for number in 0..100 {
        sink.record(entry(number));
    }
    sink.flush().await;
    sink.flush().await;
}

#[tokio::test]
async fn memory() {
    let sink = MemoryAudit::default();
    suite(&sink).await;
    assert_eq!(sink.entries(), (0..100).map(entry).collect::<Vec<_>>());
}

#[tokio::test]
async fn none() {
    suite(&NoopAuditSink).await;
}

#[tokio::test]
async fn file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("audit.log");
    let options = AuditOptions {
        file: file.clone(),
        rotate_at: 1 << 30,
    };
    suite(&AuditFile::open(&options).unwrap()).await;
    let text = std::fs::read_to_string(file).unwrap();
    let written: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["timestamp"].clone())
        .collect();
    assert_eq!(written, (0..100).map(|number| json!(number)).collect::<Vec<_>>());
}
