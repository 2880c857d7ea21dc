use keelson_domain::chat::{Chat, ChatId, ChatOrder, ChatQuery, Place, Tagged};
use keelson_domain::folder::FolderId;
use keelson_domain::shared::Timestamp;
use keelson_domain::user::UserId;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::conversations::{Stores, chat};
use crate::rooms::Suite;

/// `l1` … `l5`, changed in this order; made in the other.
fn some() -> Vec<Chat> {
    let bodies = [
        json!({"history": {"messages": {"m": {"content": "Rare Words"}, "n": {"content": null}}}}),
        json!({"messages": [{"content": "in the FLAT list"}, 1]}),
        json!({"history": {"messages": {"m": {"content": [{"type": "text", "text": "a Part"}]}}}}),
        json!({"history": {"messages": {"m": {"content": "old\0 text\0\0"}}}, "\0": "\\u0000"}),
        json!({"history": null, "messages": null}),
    ];
    let mut chats: Vec<Chat> = bodies
        .into_iter()
        .zip(1..)
        .map(|(body, place)| {
            let mut chat = chat(&format!("l{place}"), "lists", body);
            chat.updated_at = Timestamp::from_seconds(place * 10);
            chat.created_at = Timestamp::from_seconds(100 - place);
            chat
        })
        .collect();
    chats[0].title = "zebra 100%".to_owned();
    chats[0].meta = json!({"tags": ["a", "b"]}).as_object().cloned().unwrap();
    chats[1].pinned = true;
    chats[1].meta = json!({"tags": ["b"], "old\0": "\0"})
        .as_object()
        .cloned()
        .unwrap();
    chats[2].archived = true;
    chats[2].share_id = Some(ChatId::from("ls"));
    chats[3].folder = Some(FolderId::from("f1"));
    chats[4].folder = Some(FolderId::from("f2"));
    chats[4].meta = json!({"tags": []}).as_object().cloned().unwrap();
    chats
}

inventory::submit! {
    Suite { name: "chat_lists", run: |on| Box::pin(async { suite(&Stores::of(&on.ports)).await }) }
}

async fn suite(stores: &Stores) {
    stores.make_folder("f1", "lists", None).await;
    stores.make_folder("f2", "lists", None).await;
    stores.chats.insert(&some()).await.unwrap();
    let stranger = chat("l9", "stranger", json!({"messages": [{"content": "rare"}]}));
    stores.chats.insert(&[stranger]).await.unwrap();
    narrows(stores).await;
    finds_text(stores).await;
    orders_and_pages(stores).await;
    finds_letters_of_every_language(stores).await;
}

async fn finds_letters_of_every_language(stores: &Stores) {
    let titles = [
        "Über Äpfel",
        "Привет мир",
        "Ärger",
        "ΟΔΟΣ",
        "ÉCOLE",
        "Đặng",
        "100% sure",
        "a_b",
        "東京タワー",
        "ÇAĞRI",
        "back\\slash",
    ];
    let chats: Vec<Chat> = titles
        .iter()
        .zip(0..)
        .map(|(title, place)| {
            let said = json!({"history": {"messages": {"m": {"content": format!("said {title}")}}}});
            let mut titled = chat(&format!("t{place}"), "letters", json!({}));
            titled.title = (*title).to_owned();
            let mut saying = chat(&format!("s{place}"), "letters", said);
            saying.title = "nothing".to_owned();
            [titled, saying]
        })
        .collect::<Vec<_>>()
        .concat();
    stores.chats.insert(&chats).await.unwrap();
    let owner = UserId::from("letters");
    for (text, place) in [
        ("Über Äpfel", 0),
        ("über äpfel", 0),
        ("ÄPFEL", 0),
        ("Привет мир", 1),
        ("ПРИВЕТ", 1),
        ("мир", 1),
        ("ÄRGER", 2),
        ("οδο", 3),
        ("école", 4),
        ("đẶNG", 5),
        ("100%", 6),
        ("A_B", 7),
        ("京タ", 8),
        ("çağ", 9),
        ("K\\S", 10),
    ] {
        let by_title = ChatQuery {
            title: Some(text.to_owned()),
            ..ChatQuery::default()
        };
        let list = stores.lists.list(&owner, &by_title).await.unwrap();
        let ids: Vec<String> = list.into_iter().map(|chat| chat.id.into_string()).collect();
        assert_eq!(ids, [format!("t{place}")], "the title {text}");
        let anywhere = ChatQuery {
            text: Some(text.to_owned()),
            ..ChatQuery::default()
        };
        let list = stores.lists.list(&owner, &anywhere).await.unwrap();
        let mut ids: Vec<String> = list.into_iter().map(|chat| chat.id.into_string()).collect();
        ids.sort();
        assert_eq!(ids, [format!("s{place}"), format!("t{place}")], "the text {text}");
    }
}

async fn found(stores: &Stores, query: ChatQuery) -> Vec<String> {
    let owner = UserId::from("lists");
    let list = stores.lists.list(&owner, &query).await.unwrap();
    if query.limit.is_none() {
        let count = stores.lists.count(&owner, &query).await.unwrap();
        assert_eq!(count, list.len() as u64 + query.skip as u64, "{query:?}");
    }
    list.into_iter().map(|chat| chat.id.into_string()).collect()
}

async fn narrows(stores: &Stores) {
    let all = ChatQuery::default;
    for (query, expected) in [
        (all(), &["l5", "l4", "l3", "l2", "l1"][..]),
        (
            ChatQuery {
                archived: Some(true),
                ..all()
            },
            &["l3"],
        ),
        (
            ChatQuery {
                archived: Some(false),
                pinned: Some(false),
                ..all()
            },
            &["l5", "l4", "l1"],
        ),
        (
            ChatQuery {
                pinned: Some(true),
                ..all()
            },
            &["l2"],
        ),
        (
            ChatQuery {
                shared: Some(true),
                ..all()
            },
            &["l3"],
        ),
        (
            ChatQuery {
                shared: Some(false),
                ..all()
            },
            &["l5", "l4", "l2", "l1"],
        ),
    ] {
        let shown = format!("{query:?}");
        assert_eq!(found(stores, query).await, expected, "{shown}");
    }
    narrows_by_place_and_tags(stores).await;
}

async fn narrows_by_place_and_tags(stores: &Stores) {
    let all = ChatQuery::default;
    let f1 = vec![FolderId::from("f1")];
    let tags = |tags: &[&str]| Tagged::With(tags.iter().map(|tag| (*tag).to_owned()).collect());
    for (query, expected) in [
        (
            ChatQuery {
                place: Place::Unfiled,
                ..all()
            },
            &["l3", "l2", "l1"][..],
        ),
        (
            ChatQuery {
                place: Place::Folders(f1),
                ..all()
            },
            &["l4"],
        ),
        (
            ChatQuery {
                place: Place::Folders(Vec::new()),
                ..all()
            },
            &[],
        ),
        (
            ChatQuery {
                tagged: tags(&["b"]),
                ..all()
            },
            &["l2", "l1"],
        ),
        (
            ChatQuery {
                tagged: tags(&["a", "b"]),
                ..all()
            },
            &["l1"],
        ),
        (
            ChatQuery {
                tagged: Tagged::Untagged,
                ..all()
            },
            &["l5", "l4", "l3"],
        ),
    ] {
        let shown = format!("{query:?}");
        assert_eq!(found(stores, query).await, expected, "{shown}");
    }
}

async fn finds_text(stores: &Stores) {
    for (text, expected) in [
        ("RARE", &["l1"][..]),
        ("flat LIST", &["l2"]),
        ("a part", &["l3"]),
        ("0%", &["l1"]),
        ("z_bra", &[]),
        ("l4", &["l4"]),
        ("nothing", &[]),
    ] {
        let query = ChatQuery {
            text: Some(text.to_owned()),
            ..ChatQuery::default()
        };
        assert_eq!(found(stores, query).await, expected, "{text}");
    }
    let query = ChatQuery {
        title: Some("zEBRA".to_owned()),
        ..ChatQuery::default()
    };
    assert_eq!(found(stores, query).await, ["l1"]);
}

async fn orders_and_pages(stores: &Stores) {
    let by = |order, ascending, skip, limit| ChatQuery {
        order,
        ascending,
        skip,
        limit,
        ..ChatQuery::default()
    };
    let first = found(stores, by(ChatOrder::UpdatedAt, true, 0, Some(2))).await;
    assert_eq!(first, ["l1", "l2"]);
    let last = found(stores, by(ChatOrder::UpdatedAt, true, 4, Some(2))).await;
    assert_eq!(last, ["l5"]);
    let rest = found(stores, by(ChatOrder::CreatedAt, false, 3, None)).await;
    assert_eq!(rest, ["l4", "l5"]);
    let named = found(stores, by(ChatOrder::Title, true, 3, None)).await;
    assert_eq!(named, ["l5", "l1"]);
    let count = stores
        .lists
        .count(&"lists".into(), &by(ChatOrder::Title, true, 3, Some(1)))
        .await;
    assert_eq!(count.unwrap(), 5, "pages do not count");
}
