use bytes::Bytes;
use futures_util::StreamExt;
use keelson_domain::config::deployment::Providers;
use keelson_domain::model::{
    Connection, Method, ModelProvider, ProviderCall, ProviderError, ProviderReply, ProviderRequest,
};
use keelson_providers::{Demo, OpenAi};
use pretty_assertions::assert_eq;
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use crate::support::Upstream;

fn connection(url: &str) -> Connection {
    Connection {
        index: 0,
        url: url.to_owned(),
        key: SecretString::from("sk-test"),
        options: Map::new(),
    }
}

fn question(model: &str, stream: bool) -> ProviderRequest {
    ProviderRequest {
        body: json!({
            "model": model, "stream": stream, "messages": [{"role": "user", "content": "Grüße"}],
        }),
        headers: Vec::new(),
    }
}

/// What was said in a stream of chunks that ended as the protocol has it.
fn said(stream: &[u8]) -> String {
    let text = std::str::from_utf8(stream).unwrap();
    let events: Vec<&str> = text.split("\n\n").filter(|event| !event.is_empty()).collect();
    assert_eq!(events.last(), Some(&"data: [DONE]"));
    let deltas = events[..events.len() - 1].iter().map(|event| {
        let chunk: Value = serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap();
        chunk["choices"][0]["delta"]["content"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    });
    deltas.collect()
}

/// What everything that answers for models must do; `model` repeats what it is asked.
async fn suite(provider: &dyn ModelProvider, at: &Connection, model: &str) {
    let listed = provider.models(at, &[]).await.unwrap();
    assert!(!listed.has_pipelines);
    let models = listed.models;
    assert!(models.iter().any(|listed| listed["id"] == model), "{models:?}");

    let whole = provider.chat(at, question(model, false)).await.unwrap();
    let ProviderReply::Json { status: 200, body } = whole else {
        panic!("a whole answer is a document");
    };
    let message = &body["choices"][0]["message"];
    assert_eq!(message["role"], "assistant");
    let answer = message["content"].as_str().unwrap();
    assert!(answer.contains("Grüße"), "{answer}");

    let streamed = provider.chat(at, question(model, true)).await.unwrap();
    let ProviderReply::Stream {
        status: 200,
        content_type,
        mut body,
    } = streamed
    else {
        panic!("a stream was asked for");
    };
    assert!(content_type.starts_with("text/event-stream"), "{content_type}");
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        bytes.extend_from_slice(&chunk.unwrap());
    }
    assert!(said(&bytes).contains("Grüße"), "{}", said(&bytes));
}

#[tokio::test]
async fn demo() {
    suite(&Demo, &connection(""), "keelson-demo").await;
    let call = ProviderCall {
        method: Method::Post,
        path: "embeddings".to_owned(),
        body: Bytes::from_static(b"{}"),
        headers: Vec::new(),
    };
    let refused = Demo.forward(&connection(""), call).await.err();
    assert!(
        matches!(refused, Some(ProviderError::Refused { status: 404, .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn openai() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let upstream = Upstream::start().await;
    let provider = OpenAi::new(&Providers::default()).unwrap();
    suite(&provider, &connection(&upstream.url()), "echo").await;
    let pipelines = connection(&upstream.pipelines_url());
    let listed = provider.models(&pipelines, &[]).await.unwrap();
    assert!(
        listed.has_pipelines && listed.models[0]["id"] == "echo",
        "{listed:?}"
    );
    let asked = upstream.asked("/chat/completions");
    assert_eq!(asked[0].authorization.as_deref(), Some("Bearer sk-test"));
    assert_eq!(
        asked[0].body,
        question("echo", false).body,
        "the body goes out as it is"
    );

    drop(upstream);
    let nobody = connection("http://127.0.0.1:1/v1");
    let failed = provider.models(&nobody, &[]).await.err();
    assert!(
        matches!(failed, Some(ProviderError::Unreachable(_))),
        "{failed:?}"
    );
}
