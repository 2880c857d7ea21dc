//! Streams as the front end reads them: a Socket.IO connection for each person, answers as events.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::direct::post;
use crate::report::{Stream, summary};
use crate::upstream::TOKEN;
use crate::{Failure, Pace};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Connects everybody, then lets each ask in their chat. `people`: `[{"token", "chat", "message", "parent"}]`.
pub(crate) async fn run(pace: &Pace, people: Vec<Value>) -> Result<Value, Failure> {
    let mut connected = Vec::new();
    for person in people {
        connected.push((enter(pace.port, &person).await?, person));
    }
    let begun = Instant::now();
    let count = connected.len();
    let running: Vec<_> = connected
        .into_iter()
        .enumerate()
        .map(|(nth, ((socket, sid), person))| {
            tokio::spawn(one(*pace, pace.start_of(nth, count), socket, sid, person))
        })
        .collect();
    let (mut done, mut failures) = (Vec::new(), Vec::new());
    for stream in running {
        match stream.await? {
            Ok(stream) => done.push(stream),
            Err(failure) => failures.push(failure.to_string()),
        }
    }
    Ok(summary(&done, &failures, begun.elapsed()))
}

/// Opens a socket, says who is there, joins; answers with the session id.
async fn enter(port: u16, person: &Value) -> Result<(Socket, String), Failure> {
    let url = format!("ws://127.0.0.1:{port}/ws/socket.io/?EIO=4&transport=websocket");
    let (mut socket, _) = connect_async(url).await?;
    expect(&mut socket, "0").await?;
    let auth = json!({"token": person["token"]});
    socket.send(Message::text(format!("40{auth}"))).await?;
    let answer = expect(&mut socket, "40").await?;
    let sid = serde_json::from_str::<Value>(&answer[2..])?["sid"]
        .as_str()
        .ok_or("no session id")?
        .to_owned();
    socket
        .send(Message::text(format!(
            "420{}",
            json!(["user-join", {"auth": auth}])
        )))
        .await?;
    expect(&mut socket, "430").await?;
    Ok((socket, sid))
}

async fn expect(socket: &mut Socket, prefix: &str) -> Result<String, Failure> {
    loop {
        let text = next(socket).await?;
        if text.starts_with(prefix) {
            return Ok(text);
        }
    }
}

/// The next packet that is not a ping, which is answered.
async fn next(socket: &mut Socket) -> Result<String, Failure> {
    loop {
        let packet = tokio::time::timeout(Duration::from_secs(60), socket.next())
            .await?
            .ok_or("the socket was closed")??;
        match packet.to_text() {
            Ok("2") => socket.send(Message::text("3")).await?,
            Ok(text) => return Ok(text.to_owned()),
            Err(_) => {}
        }
    }
}

async fn one(
    pace: Pace,
    after: Duration,
    mut socket: Socket,
    sid: String,
    person: Value,
) -> Result<Stream, Failure> {
    tokio::time::sleep(after).await;
    let prompt = format!("tokens={} rate={}", pace.tokens, pace.rate);
    let body = json!({
        "model": "load", "stream": true, "session_id": sid, "chat_id": person["chat"], "id": person["message"],
        "messages": [{"role": "user", "content": prompt}],
        "parent_message": {"id": person["parent"], "role": "user", "content": prompt},
    });
    let token = person["token"].as_str().ok_or("a token for each")?;
    let asked = Instant::now();
    let mut answer = post(pace.port, "/api/chat/completions", token, &body).await?;
    tokio::spawn(async move {
        // The answer to the POST says only that the task runs; it is read so that the server may close.
        let _ = answer.read_to_end(&mut Vec::new()).await;
    });
    let (mut seen, mut bytes) = (None, 0);
    let last = format!("{TOKEN}{} ", pace.tokens - 1);
    let mut complete = false;
    loop {
        let text = next(&mut socket).await?;
        if !text.starts_with("42[\"events\"") {
            continue;
        }
        bytes += text.len();
        if seen.is_none() && text.contains(TOKEN) && !text.contains("tokens=") {
            seen = Some(asked.elapsed());
        }
        complete |= text.contains(last.trim_end());
        if text.contains("chat:message:error") {
            return Err(text.chars().take(300).collect::<String>().into());
        }
        if text.contains("\"done\":true") || text.contains("\"done\": true") {
            break;
        }
    }
    let first_token = seen.ok_or("no token came")?;
    if !complete {
        return Err("the last token never came".into());
    }
    Ok(Stream {
        first_token,
        tokens: pace.tokens,
        bytes,
    })
}
