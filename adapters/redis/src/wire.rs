//! The messages of python-socketio's publish/subscribe manager (5.15), which the reference uses between its processes.

use keelson_domain::realtime::{Dispatch, ReplyTo, SocketId};
use keelson_domain::shared::{InstanceId, json};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

const NAMESPACE: &str = "/";

/// What is sent, in the key order of the original.
#[derive(Serialize)]
#[serde(untagged)]
enum Sent<'a> {
    Emit {
        method: &'static str,
        event: &'a str,
        data: [&'a RawValue; 1],
        binary: bool,
        namespace: &'static str,
        room: Option<&'a str>,
        skip_sid: Option<Vec<&'a str>>,
        callback: Option<(&'a str, &'static str, u64)>,
        host_id: &'a str,
    },
    Callback {
        method: &'static str,
        host_id: &'a str,
        sid: &'a str,
        namespace: &'static str,
        id: u64,
        args: &'a [Value],
    },
    Connection {
        method: &'static str,
        sid: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        room: Option<&'a str>,
        namespace: &'static str,
        host_id: &'a str,
    },
    Room {
        method: &'static str,
        room: &'a str,
        namespace: &'static str,
        host_id: &'a str,
    },
}

/// Encodes a dispatch of this instance as JSON text.
pub(crate) fn encode(dispatch: &Dispatch, host_id: &str) -> Result<String, serde_json::Error> {
    let for_socket = |method, socket: &'_ SocketId, room| -> Result<String, serde_json::Error> {
        serde_json::to_string(&Sent::Connection {
            method,
            sid: socket.as_str(),
            room,
            namespace: NAMESPACE,
            host_id,
        })
    };
    match dispatch {
        Dispatch::Emit {
            room,
            event,
            data,
            skip,
            reply,
        } => serde_json::to_string(&Sent::Emit {
            method: "emit",
            event,
            data: [&**data],
            binary: false,
            namespace: NAMESPACE,
            room: room.as_deref(),
            skip_sid: (!skip.is_empty()).then(|| skip.iter().map(SocketId::as_str).collect()),
            callback: reply
                .as_ref()
                .map(|reply| (reply.room.as_str(), NAMESPACE, reply.call)),
            host_id,
        }),
        Dispatch::Reply { to, args } => serde_json::to_string(&Sent::Callback {
            method: "callback",
            // In a callback this names the instance that is called back.
            host_id: to.instance.as_str(),
            sid: &to.room,
            namespace: NAMESPACE,
            id: to.call,
            args,
        }),
        Dispatch::Enter { socket, room } => for_socket("enter_room", socket, Some(room.as_str())),
        Dispatch::Leave { socket, room } => for_socket("leave_room", socket, Some(room.as_str())),
        Dispatch::Disconnect { socket } => for_socket("disconnect", socket, None),
        Dispatch::Close { room } => serde_json::to_string(&Sent::Room {
            method: "close_room",
            room,
            namespace: NAMESPACE,
            host_id,
        }),
    }
}

/// Any message that may be received.
#[derive(Deserialize)]
struct Received {
    method: String,
    #[serde(default)]
    host_id: Option<String>,
    #[serde(default)]
    namespace: Option<String>,
    #[serde(default)]
    event: Option<String>,
    #[serde(default)]
    data: Option<Vec<Box<RawValue>>>,
    #[serde(default)]
    binary: bool,
    #[serde(default)]
    room: Option<String>,
    #[serde(default)]
    skip_sid: Option<Skip>,
    #[serde(default)]
    callback: Option<(String, Option<String>, u64)>,
    #[serde(default)]
    sid: Option<String>,
    #[serde(default)]
    id: Option<u64>,
    #[serde(default)]
    args: Option<Vec<Value>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Skip {
    One(SocketId),
    Some(Vec<SocketId>),
}

/// Decodes what a message asks of this instance; none for its own messages, for replies to others, and for what is not
/// supported: other namespaces, binary data (the reference sends none), several arguments (it never does).
pub(crate) fn decode(text: &str, own: &InstanceId) -> Option<Dispatch> {
    let message: Received = match json::read_as(text.as_bytes()) {
        Ok(message) => message,
        Err(error) => {
            tracing::debug!(%error, "ignored an unreadable message of another instance");
            return None;
        }
    };
    let host = message.host_id.clone().unwrap_or_default();
    let is_own = host == own.as_str();
    if is_own != (message.method == "callback")
        || !matches!(message.namespace.as_deref(), None | Some(NAMESPACE))
    {
        return None;
    }
    let method = message.method.clone();
    let dispatch = dispatch(message, host);
    if dispatch.is_none() {
        tracing::debug!(method, "ignored an unsupported message of another instance");
    }
    dispatch
}

fn dispatch(message: Received, host: String) -> Option<Dispatch> {
    let socket = message.sid.clone().map(SocketId::from);
    Some(match message.method.as_str() {
        "emit" => Dispatch::Emit {
            room: message.room,
            event: message.event?,
            data: match <[Box<RawValue>; 1]>::try_from(message.data?) {
                Ok([data]) if !message.binary => data,
                _ => return None,
            },
            skip: match message.skip_sid {
                None => Vec::new(),
                Some(Skip::One(socket)) => vec![socket],
                Some(Skip::Some(sockets)) => sockets,
            },
            reply: message.callback.map(|(room, _, call)| ReplyTo {
                room,
                call,
                instance: InstanceId::from(host),
            }),
        },
        "callback" => Dispatch::Reply {
            to: ReplyTo {
                room: message.sid?,
                call: message.id?,
                instance: InstanceId::from(host),
            },
            args: message.args?,
        },
        "enter_room" => Dispatch::Enter {
            socket: socket?,
            room: message.room?,
        },
        "leave_room" => Dispatch::Leave {
            socket: socket?,
            room: message.room?,
        },
        "close_room" => Dispatch::Close { room: message.room? },
        "disconnect" => Dispatch::Disconnect { socket: socket? },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> InstanceId {
        InstanceId::from("me")
    }

    #[test]
    fn encoded_messages_have_the_originals_keys_in_their_order() {
        let emit = Dispatch::Emit {
            room: Some("p1".to_owned()),
            event: "events".to_owned(),
            data: RawValue::from_string(r#"{"b":1,"a":[]}"#.to_owned()).unwrap(),
            skip: vec!["p2".into()],
            reply: Some(ReplyTo {
                room: "p1".to_owned(),
                call: 7,
                instance: own(),
            }),
        };
        assert_eq!(
            encode(&emit, "me").unwrap(),
            r#"{"method":"emit","event":"events","data":[{"b":1,"a":[]}],"binary":false,"namespace":"/","room":"p1","skip_sid":["p2"],"callback":["p1","/",7],"host_id":"me"}"#
        );
        let close = Dispatch::Close { room: "r".to_owned() };
        assert_eq!(
            encode(&close, "me").unwrap(),
            r#"{"method":"close_room","room":"r","namespace":"/","host_id":"me"}"#
        );
    }

    #[test]
    fn unsupported_messages_are_ignored() {
        for text in [
            "not JSON",
            r#"{"method":"emit","event":"e","data":[1],"host_id":"me"}"#,
            r#"{"method":"emit","event":"e","data":[1,2],"host_id":"x"}"#,
            r#"{"method":"emit","event":"e","data":[[{"_placeholder":true,"num":0}],"AA=="],"binary":true,"host_id":"x"}"#,
            r#"{"method":"emit","event":"e","data":[1],"namespace":"/other","host_id":"x"}"#,
            r#"{"method":"callback","sid":"p1","id":1,"args":[],"host_id":"somebody else"}"#,
            r#"{"method":"callback","sid":"p1","args":[],"host_id":"me"}"#,
            r#"{"method":"dance","host_id":"x"}"#,
            r#"{"method":"enter_room","sid":"p1","host_id":"x"}"#,
        ] {
            assert!(decode(text, &own()).is_none(), "{text}");
        }
    }

    #[test]
    fn optional_fields_may_be_missing() {
        let decoded = decode(r#"{"method":"emit","event":"e","data":[null]}"#, &own());
        assert!(matches!(
            decoded,
            Some(Dispatch::Emit {
                room: None,
                reply: None,
                ..
            })
        ));
    }
}
