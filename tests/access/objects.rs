//! An object of each kind that paths name, all of one user.

use poem::http::Method;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{Operation, TestApp};

/// Everything that a user has in this test.
pub(crate) struct Objects {
    chat: String,
    message: String,
    share: String,
    folder: String,
    group: String,
    feedback: String,
    user: String,
    task: String,
}

impl Objects {
    /// Makes them: for the user that a token is of, the group by the admin.
    pub(crate) async fn create(app: &TestApp, admin: &str, owner: &str) -> Self {
        let text = |value: &Value| value["id"].as_str().expect("an id").to_owned();
        let user = app.id_of(owner).await;
        let folder = text(&app.post("/api/v1/folders/", owner, json!({"name": "F"})).await);
        let history = json!({"currentId": "m", "messages": {"m": {"id": "m", "content": "secret"}}});
        let chat = json!({"chat": {"title": "T", "history": history}, "folder_id": folder});
        let chat = text(&app.post("/api/v1/chats/new", owner, chat).await);
        app.post(&format!("/api/v1/chats/{chat}/tags"), owner, json!({"name": "t"}))
            .await;
        let shared = json!({"chat": {"title": "Shared"}});
        let shared = text(&app.post("/api/v1/chats/new", owner, shared).await);
        let share = text(
            &app.post(&format!("/api/v1/chats/{shared}/share"), owner, json!({}))
                .await,
        );
        let group = json!({"name": "G", "description": ""});
        let group = text(&app.post("/api/v1/groups/create", admin, group).await);
        app.post(
            &format!("/api/v1/groups/id/{group}/users/add"),
            admin,
            json!({"user_ids": [user]}),
        )
        .await;
        let feedback = json!({"type": "rating", "data": {"rating": 1, "comment": "secret"}});
        let feedback = text(&app.post("/api/v1/evaluations/feedback", owner, feedback).await);
        let work = |stop: CancellationToken| async move { stop.cancelled().await };
        let tasks = &app.app.services.tasks;
        let task = tasks
            .start(&user.as_str().into(), &chat, work)
            .await
            .expect("a task");
        Self {
            chat,
            message: "m".to_owned(),
            share,
            folder,
            group,
            feedback,
            user,
            task: task.into_string(),
        }
    }

    /// The path of an operation with the ids of these objects; none for a room that is not known here.
    pub(crate) fn path(&self, operation: &Operation) -> Option<String> {
        let start = |prefix: &str| operation.path.starts_with(prefix);
        let known = |name: &str| {
            Some(match name {
                "id" if start("/api/v1/chats/") => self.chat.clone(),
                "id" if start("/api/v1/folders/") => self.folder.clone(),
                "id" if start("/api/v1/groups/") => self.group.clone(),
                "id" if start("/api/v1/evaluations/feedback/") => self.feedback.clone(),
                "chat_id" => self.chat.clone(),
                "message_id" if start("/api/v1/chats/") => self.message.clone(),
                "share_id" => self.share.clone(),
                "folder_id" => self.folder.clone(),
                "user_id" => self.user.clone(),
                "task_id" => self.task.clone(),
                // Places of connections, not objects of anybody.
                "url_idx" => "0".to_owned(),
                // There are none: no functions run, no providers are configured, the cache is empty.
                "action_id" | "provider" | "client_id" | "path" => "none".to_owned(),
                _ => return None,
            })
        };
        let all_known = operation.names().iter().all(|name| known(name).is_some());
        all_known.then(|| operation.path_with(|name| known(name).unwrap_or_default()))
    }

    /// What their owner sees of them.
    pub(crate) async fn seen_by(&self, app: &TestApp, owner: &str) -> Vec<Value> {
        let mut seen = Vec::new();
        for path in [
            format!("/api/v1/chats/{}", self.chat),
            format!("/api/v1/chats/{}/tags", self.chat),
            format!("/api/v1/chats/share/{}", self.share),
            format!("/api/v1/folders/{}", self.folder),
            format!("/api/v1/evaluations/feedback/{}", self.feedback),
            "/api/v1/evaluations/feedbacks/user".to_owned(),
            "/api/v1/chats/all".to_owned(),
            "/api/v1/folders/".to_owned(),
            "/api/v1/users/groups".to_owned(),
            "/api/v1/auths/".to_owned(),
            "/api/tasks".to_owned(),
        ] {
            seen.push(app.get(&path, owner).await);
        }
        seen
    }

    /// Stops what runs; only their owner and admins may.
    pub(crate) async fn stop(&self, app: &TestApp, owner: &str) {
        let path = format!("/api/tasks/stop/{}", self.task);
        let answer = app.ask(Method::POST, &path, Some(owner), None).await;
        assert_eq!(answer.body["status"], json!(true), "its owner may stop it");
    }
}
