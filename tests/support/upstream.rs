use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};
use poem::http::StatusCode;
use poem::listener::TcpAcceptor;
use poem::{Body, EndpointExt, IntoResponse, Request, Response, Server, endpoint};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A chunk of a stream, or its breaking off.
type Chunk = Result<Vec<u8>, std::io::Error>;

/// The models that it offers: each answers in its own way.
const MODELS: [&str; 5] = ["echo", "cut", "split", "big", "slow"];

/// Below this path it says that it is a server of pipelines.
const PIPELINES: &str = "/pipelines";

/// What came in.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Path.
    pub(crate) path: String,
    /// The header `authorization`.
    pub(crate) authorization: Option<String>,
    /// Body.
    pub(crate) body: Value,
    /// Body, as it came.
    pub(crate) text: String,
}

#[derive(Default)]
struct State {
    asked: Vec<Asked>,
    /// How many answers began and were not taken to their end.
    open: usize,
}

/// A provider on loopback that answers as the model's name says: `echo` says what was asked, `cut` breaks off in the middle,
/// `split` ends its chunks within letters, `big` says a megabyte, `slow` a word every 50 ms.
pub(crate) struct Upstream {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Counts an answer as open until it is dropped.
struct Open(Arc<Mutex<State>>);

impl Open {
    fn new(state: &Arc<Mutex<State>>) -> Self {
        state.lock().unwrap().open += 1;
        Self(state.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.lock().unwrap().open -= 1;
    }
}

fn piece(text: &str) -> Vec<u8> {
    let chunk = json!({"id": "x", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": text}}]});
    format!("data: {chunk}\n\n").into_bytes()
}

fn end() -> Vec<u8> {
    let chunk = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    format!("data: {chunk}\n\ndata: [DONE]\n\n").into_bytes()
}

fn paced(chunks: Vec<Vec<u8>>, pace: Duration) -> BoxStream<'static, Chunk> {
    stream::iter(chunks)
        .then(move |chunk| async move {
            tokio::time::sleep(pace).await;
            Ok(chunk)
        })
        .boxed()
}

fn answer(model: &str, asked: &str) -> BoxStream<'static, Chunk> {
    let plain = |chunks: Vec<Vec<u8>>| paced(chunks, Duration::from_millis(1));
    match model {
        "cut" => {
            let broken = async { Err(std::io::Error::other("cut")) };
            plain(vec![piece("half")]).chain(broken.into_stream()).boxed()
        }
        "split" => {
            let whole = [piece("Grüße 👋🏽 "), piece("日本語"), end()].concat();
            plain(whole.chunks(3).map(<[u8]>::to_vec).collect())
        }
        "big" => plain(vec![piece(&"0123456789abcdef".repeat(65_536)), end()]),
        "slow" => {
            let words = (0..100).map(|place| piece(&format!("w{place} ")));
            paced(words.chain([end()]).collect(), Duration::from_millis(50))
        }
        _ => plain(vec![piece("You said: "), piece(asked), end()]),
    }
}

/// The redirect (`redirect`: its status) or the page (`answer_as`: its type) that a body asks for.
fn asked_for(body: &Value) -> Option<Response> {
    if let Some(status) = body["redirect"].as_u64() {
        let status = u16::try_from(status)
            .ok()
            .and_then(|status| StatusCode::from_u16(status).ok());
        let answer = Response::builder().status(status.expect("a status"));
        return Some(answer.header("location", "/v1/elsewhere").finish());
    }
    let kind = body["answer_as"].as_str()?;
    Some(Response::builder().content_type(kind).body("<script>1</script>"))
}

async fn respond(state: Arc<Mutex<State>>, mut request: Request) -> poem::Result<Response> {
    let bytes = request.take_body().into_vec().await?;
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let header = request.headers().get("authorization");
    let asked = Asked {
        path: request.uri().path().to_owned(),
        authorization: header.map(|value| value.to_str().unwrap().to_owned()),
        body: body.clone(),
        text: String::from_utf8_lossy(&bytes).into_owned(),
    };
    state.lock().unwrap().asked.push(asked);
    if request.uri().path().ends_with("/models") {
        let models: Vec<Value> = MODELS
            .iter()
            .map(|id| json!({"id": id, "object": "model"}))
            .collect();
        let mut list = json!({"object": "list", "data": models});
        if request.uri().path().starts_with(PIPELINES) {
            list["pipelines"] = json!(true);
        }
        return Ok(poem::web::Json(list).into_response());
    }
    if let Some(answer) = asked_for(&body) {
        return Ok(answer);
    }
    let open = Open::new(&state);
    let model = body["model"].as_str().unwrap_or_default();
    let last = body["messages"].as_array().and_then(|messages| messages.last());
    let said = last
        .and_then(|message| message["content"].as_str())
        .unwrap_or_default();
    if body["stream"] != true {
        let message = json!({"role": "assistant", "content": format!("You said: {said}")});
        let document = json!({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]});
        return Ok(poem::web::Json(document).into_response());
    }
    let chunks = answer(model, said).map(move |chunk| {
        let _open = &open;
        chunk
    });
    Ok(Response::builder()
        .content_type("text/event-stream")
        .body(Body::from_bytes_stream(chunks)))
}

impl Upstream {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        let endpoint = endpoint::make(move |request| respond(shared.clone(), request)).map_to_response();
        let acceptor = TcpAcceptor::from_tokio(listener).expect("an acceptor");
        let server = tokio::spawn(async move {
            let _ = Server::new_with_acceptor(acceptor).run(endpoint).await;
        });
        Self {
            address,
            state,
            server,
        }
    }

    /// The address that connections name.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The address of the same provider as a server of pipelines.
    pub(crate) fn pipelines_url(&self) -> String {
        format!("http://{}{PIPELINES}/v1", self.address)
    }

    /// What was asked at a path so far, oldest first.
    pub(crate) fn asked(&self, path: &str) -> Vec<Asked> {
        let state = self.state.lock().unwrap();
        state
            .asked
            .iter()
            .filter(|asked| asked.path.ends_with(path))
            .cloned()
            .collect()
    }

    /// How many answers began that nobody took to their end.
    pub(crate) fn open(&self) -> usize {
        self.state.lock().unwrap().open
    }
}
