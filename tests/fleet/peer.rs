//! Events to and from python-socketio, of the version that the reference uses.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use futures_util::StreamExt;
use keelson_domain::realtime::{AnswerTo, Dispatch, Dispatches, SocketId};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::contract::fanout::emit;
use crate::support::{Instance, RedisSet};

struct Peer {
    _child: Child,
    tell: ChildStdin,
    hear: Lines<BufReader<ChildStdout>>,
    page: SocketId,
}

/// A Python with python-socketio and redis: `KEELSON_PEER_PYTHON` (make test sets it), or the reference's own.
fn python() -> PathBuf {
    let named = std::env::var_os("KEELSON_PEER_PYTHON").map(PathBuf::from);
    let python = named.unwrap_or_else(|| PathBuf::from("/opt/owui/venv/bin/python"));
    assert!(
        python.exists(),
        "no Python with python-socketio and redis: make test makes one"
    );
    python
}

impl Peer {
    async fn start(url: &str) -> Self {
        let mut child = Command::new(python())
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/fleet/peer.py"))
            .arg(url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("python runs");
        let mut peer = Self {
            tell: child.stdin.take().unwrap(),
            hear: BufReader::new(child.stdout.take().unwrap()).lines(),
            _child: child,
            page: "".into(),
        };
        peer.page = peer.heard("page").await.into();
        peer
    }

    async fn tell(&mut self, name: &str, arguments: &Value) {
        let line = format!("{name} {arguments}\n");
        self.tell.write_all(line.as_bytes()).await.unwrap();
    }

    /// The rest of the next line, which starts with `what`.
    async fn heard(&mut self, what: &str) -> String {
        let line = tokio::time::timeout(Duration::from_secs(20), self.hear.next_line());
        let line = line.await.expect("in time").unwrap().expect("a living peer");
        let (name, rest) = line.split_once(' ').expect("two words");
        assert_eq!(name, what, "{line}");
        rest.to_owned()
    }
}

async fn next(dispatches: &mut Dispatches) -> Dispatch {
    let next = tokio::time::timeout(Duration::from_secs(5), dispatches.next());
    next.await.expect("in time").expect("an open line")
}

fn same(one: &Dispatch, other: &Dispatch) {
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn keelson_reaches_the_references_pages() {
    let set = RedisSet::standalone();
    let here = Instance::start(&set, "here").await;
    let mut peer = Peer::start(&set.url()).await;
    let mut dispatches = here.fanout.receive().await.unwrap();
    let page = peer.page.clone();
    let send = |dispatch: Dispatch| here.fanout.send(dispatch);

    send(Dispatch::Enter {
        page: page.clone(),
        room: "r".to_owned(),
    });
    send(emit(Some("r"), r#"{"é":[1,null]}"#, &[], None));
    assert_eq!(
        peer.heard("packet").await,
        r#"2["events",{"é":[1,null]}]"#.replace('é', "\\u00e9")
    );
    send(emit(Some("r"), "\"skipped\"", &[page.as_str()], None));
    send(emit(Some("r"), "\"skipped\"", &["other", page.as_str()], None));
    send(emit(None, "[1,2]", &[], None));
    assert_eq!(
        peer.heard("packet").await,
        r#"2["events",[1,2]]"#,
        "one argument, to everybody"
    );
    send(Dispatch::Leave {
        page: page.clone(),
        room: "r".to_owned(),
    });
    send(emit(Some("r"), "\"left\"", &[], None));
    send(Dispatch::Enter {
        page: page.clone(),
        room: "s".to_owned(),
    });
    send(Dispatch::Close { room: "s".to_owned() });
    send(emit(Some("s"), "\"closed\"", &[], None));

    let answer = AnswerTo {
        room: page.to_string(),
        call: 42,
        instance: here.fanout.instance().clone(),
    };
    send(emit(Some(page.as_str()), "\"call\"", &[], Some(answer.clone())));
    assert_eq!(
        peer.heard("packet").await,
        r#"["events", "call"]"#,
        "and nothing of the rooms left and closed"
    );
    let args = vec![json!("yes"), json!({"n": 1})];
    same(
        &next(&mut dispatches).await,
        &Dispatch::Answer { to: answer, args },
    );
    send(Dispatch::Disconnect { page: page.clone() });
    assert_eq!(peer.heard("disconnect").await, page.as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_reaches_keelsons_pages() {
    let set = RedisSet::standalone();
    let here = Instance::start(&set, "here").await;
    let mut peer = Peer::start(&set.url()).await;
    let mut dispatches = here.fanout.receive().await.unwrap();

    let event = |room: Value, data: Value, skip: Value| json!({"event": "events", "namespace": "/", "room": room, "data": data, "skip_sid": skip});
    peer.tell(
        "emit",
        &event(json!("user:ann"), json!({"é": [1.5, null]}), json!("p1")),
    )
    .await;
    same(
        &next(&mut dispatches).await,
        &emit(Some("user:ann"), r#"{"\u00e9": [1.5, null]}"#, &["p1"], None),
    );
    peer.tell("emit", &event(json!(null), json!([1, 2]), json!(["p1", "p2"])))
        .await;
    peer.heard("packet").await;
    same(
        &next(&mut dispatches).await,
        &emit(None, "[1, 2]", &["p1", "p2"], None),
    );
    peer.tell(
        "emit",
        &json!({"event": "events", "namespace": "/other", "data": 1}),
    )
    .await;

    let at = |name: &str| json!({"sid": "p1", "namespace": "/", "room": name});
    peer.tell("enter_room", &at("r")).await;
    same(
        &next(&mut dispatches).await,
        &Dispatch::Enter {
            page: "p1".into(),
            room: "r".to_owned(),
        },
    );
    peer.tell("leave_room", &at("r")).await;
    same(
        &next(&mut dispatches).await,
        &Dispatch::Leave {
            page: "p1".into(),
            room: "r".to_owned(),
        },
    );
    peer.tell("close_room", &json!({"room": "r"})).await;
    same(
        &next(&mut dispatches).await,
        &Dispatch::Close { room: "r".to_owned() },
    );
    peer.tell("disconnect", &json!({"sid": "p1", "namespace": "/"}))
        .await;
    assert_eq!(peer.heard("disconnect").await, "p1");
    same(
        &next(&mut dispatches).await,
        &Dispatch::Disconnect { page: "p1".into() },
    );

    peer.tell("call", &json!({"data": "?", "to": "p1"})).await;
    let Dispatch::Emit {
        room,
        event,
        data,
        answer: Some(answer),
        ..
    } = next(&mut dispatches).await
    else {
        panic!("a call");
    };
    assert_eq!(
        (room.as_deref(), event.as_str(), data.get()),
        (Some("p1"), "ask", "\"?\"")
    );
    let args = vec![json!({"ok": true})];
    here.fanout.send(Dispatch::Answer { to: answer, args });
    assert_eq!(peer.heard("answer").await, r#"{"ok": true}"#);
}
