//! The default permissions: a fixed set of switches in four sections.

use poem_openapi::Object;
use poem_openapi::types::ToJSON;
use serde_json::Value;

macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $default:literal,)* }) => {
        $(#[$doc])*
        #[derive(Object)]
        struct $name {
            $(
                #[oai(default = $default)]
                $field: bool,
            )*
        }
    };
}

section! {
    /// Who may make what in the workspace.
    WorkspacePermissions {
        models: "no", knowledge: "no", prompts: "no", tools: "no", models_import: "no", models_export: "no",
        prompts_import: "no", prompts_export: "no", tools_import: "no", tools_export: "no",
    }
}
section! {
    /// Who may share what.
    SharingPermissions {
        models: "no", public_models: "no", knowledge: "no", public_knowledge: "no", prompts: "no",
        public_prompts: "no", tools: "no", public_tools: "yes", notes: "no", public_notes: "yes",
    }
}
section! {
    /// Who may do what in chats.
    ChatPermissions {
        controls: "yes", valves: "yes", system_prompt: "yes", params: "yes", file_upload: "yes", delete: "yes",
        delete_message: "yes", continue_response: "yes", regenerate_response: "yes", rate_response: "yes", edit: "yes",
        share: "yes", export: "yes", stt: "yes", tts: "yes", call: "yes", multiple_models: "yes", temporary: "yes",
        temporary_enforced: "no",
    }
}
section! {
    /// Who may use which feature.
    FeaturesPermissions {
        api_keys: "no", notes: "yes", channels: "yes", folders: "yes", direct_tool_servers: "no", web_search: "yes",
        image_generation: "yes", code_interpreter: "yes",
    }
}

fn yes() -> bool {
    true
}

fn no() -> bool {
    false
}

/// The default permissions.
#[derive(Object)]
pub(super) struct UserPermissions {
    workspace: WorkspacePermissions,
    sharing: SharingPermissions,
    chat: ChatPermissions,
    features: FeaturesPermissions,
}

impl UserPermissions {
    /// As it is stored.
    pub(super) fn into_json(self) -> Value {
        self.to_json().unwrap_or_default()
    }
}
