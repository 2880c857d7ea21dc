//! Events to and from python-socketio, in the version that the reference uses.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use futures_util::StreamExt;
use keelson_domain::realtime::{Dispatch, Dispatches, ReplyTo, SocketId};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::contract::fanout::emit;
use crate::support::{Instance, RedisSet};

struct PythonServer {
    _child: Child,
    stdin: ChildStdin,
    stdout: Lines<BufReader<ChildStdout>>,
    socket: SocketId,
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

impl PythonServer {
    async fn start(url: &str) -> Self {
        let mut child = Command::new(python())
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/fleet/python_socketio.py"))
            .arg(url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("python runs");
        let mut python = Self {
            stdin: child.stdin.take().unwrap(),
            stdout: BufReader::new(child.stdout.take().unwrap()).lines(),
            _child: child,
            socket: "".into(),
        };
        python.socket = python.read("socket").await.into();
        python
    }

    async fn call(&mut self, name: &str, arguments: &Value) {
        let line = format!("{name} {arguments}\n");
        self.stdin.write_all(line.as_bytes()).await.unwrap();
    }

    /// The rest of the next line, which starts with `what`.
    async fn read(&mut self, what: &str) -> String {
        let line = tokio::time::timeout(Duration::from_secs(20), self.stdout.next_line());
        let line = line.await.expect("in time").unwrap().expect("the process runs");
        let (name, rest) = line.split_once(' ').expect("two words");
        assert_eq!(name, what, "{line}");
        rest.to_owned()
    }
}

async fn next(dispatches: &mut Dispatches) -> Dispatch {
    let next = tokio::time::timeout(Duration::from_secs(5), dispatches.next());
    next.await.expect("in time").expect("an open stream")
}

fn assert_same(one: &Dispatch, other: &Dispatch) {
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn keelson_reaches_the_references_clients() {
    let set = RedisSet::standalone();
    let here = Instance::start(&set, "here").await;
    let mut python = PythonServer::start(&set.url()).await;
    let mut dispatches = here.fanout.receive().await.unwrap();
    let socket = python.socket.clone();
    let send = |dispatch: Dispatch| here.fanout.send(dispatch);

    send(Dispatch::Enter {
        socket: socket.clone(),
        room: "r".to_owned(),
    });
    send(emit(Some("r"), r#"{"é":[1,null]}"#, &[], None));
    assert_eq!(
        python.read("packet").await,
        r#"2["events",{"é":[1,null]}]"#.replace('é', "\\u00e9")
    );
    send(emit(Some("r"), "\"skipped\"", &[socket.as_str()], None));
    send(emit(Some("r"), "\"skipped\"", &["other", socket.as_str()], None));
    send(emit(None, "[1,2]", &[], None));
    assert_eq!(
        python.read("packet").await,
        r#"2["events",[1,2]]"#,
        "one argument, to everybody"
    );
    send(Dispatch::Leave {
        socket: socket.clone(),
        room: "r".to_owned(),
    });
    send(emit(Some("r"), "\"left\"", &[], None));
    send(Dispatch::Enter {
        socket: socket.clone(),
        room: "s".to_owned(),
    });
    send(Dispatch::Close { room: "s".to_owned() });
    send(emit(Some("s"), "\"closed\"", &[], None));

    let reply = ReplyTo {
        room: socket.to_string(),
        call: 42,
        instance: here.fanout.instance().clone(),
    };
    send(emit(Some(socket.as_str()), "\"call\"", &[], Some(reply.clone())));
    assert_eq!(
        python.read("packet").await,
        r#"["events", "call"]"#,
        "and nothing of the rooms that were left and closed"
    );
    let args = vec![json!("yes"), json!({"n": 1})];
    assert_same(&next(&mut dispatches).await, &Dispatch::Reply { to: reply, args });
    send(Dispatch::Disconnect {
        socket: socket.clone(),
    });
    assert_eq!(python.read("disconnect").await, socket.as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_reaches_keelsons_clients() {
    let set = RedisSet::standalone();
    let here = Instance::start(&set, "here").await;
    let mut python = PythonServer::start(&set.url()).await;
    let mut dispatches = here.fanout.receive().await.unwrap();

    let event = |room: Value, data: Value, skip: Value| json!({"event": "events", "namespace": "/", "room": room, "data": data, "skip_sid": skip});
    python
        .call(
            "emit",
            &event(json!("user:ann"), json!({"é": [1.5, null]}), json!("p1")),
        )
        .await;
    assert_same(
        &next(&mut dispatches).await,
        &emit(Some("user:ann"), r#"{"\u00e9": [1.5, null]}"#, &["p1"], None),
    );
    python
        .call("emit", &event(json!(null), json!([1, 2]), json!(["p1", "p2"])))
        .await;
    python.read("packet").await;
    assert_same(
        &next(&mut dispatches).await,
        &emit(None, "[1, 2]", &["p1", "p2"], None),
    );
    python
        .call(
            "emit",
            &json!({"event": "events", "namespace": "/other", "data": 1}),
        )
        .await;

    let at = |name: &str| json!({"sid": "p1", "namespace": "/", "room": name});
    python.call("enter_room", &at("r")).await;
    assert_same(
        &next(&mut dispatches).await,
        &Dispatch::Enter {
            socket: "p1".into(),
            room: "r".to_owned(),
        },
    );
    python.call("leave_room", &at("r")).await;
    assert_same(
        &next(&mut dispatches).await,
        &Dispatch::Leave {
            socket: "p1".into(),
            room: "r".to_owned(),
        },
    );
    python.call("close_room", &json!({"room": "r"})).await;
    assert_same(
        &next(&mut dispatches).await,
        &Dispatch::Close { room: "r".to_owned() },
    );
    python
        .call("disconnect", &json!({"sid": "p1", "namespace": "/"}))
        .await;
    assert_eq!(python.read("disconnect").await, "p1");
    assert_same(
        &next(&mut dispatches).await,
        &Dispatch::Disconnect { socket: "p1".into() },
    );

    python.call("call", &json!({"data": "?", "to": "p1"})).await;
    let Dispatch::Emit {
        room,
        event,
        data,
        reply: Some(reply),
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
    here.fanout.send(Dispatch::Reply { to: reply, args });
    assert_eq!(python.read("answer").await, r#"{"ok": true}"#);
}
