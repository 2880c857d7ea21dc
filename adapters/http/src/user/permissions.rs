use keelson_domain::shared::BoxError;
use poem_openapi::Object;
use poem_openapi::types::{ParseFromJSON, ToJSON};
use serde_json::{Map, Value};

/// A switch that is on where it is left out.
fn granted() -> bool {
    true
}

/// What users may do in the workspace.
#[derive(Object)]
struct WorkspacePermissions {
    #[oai(default)]
    models: bool,
    #[oai(default)]
    knowledge: bool,
    #[oai(default)]
    prompts: bool,
    #[oai(default)]
    tools: bool,
    #[oai(default)]
    models_import: bool,
    #[oai(default)]
    models_export: bool,
    #[oai(default)]
    prompts_import: bool,
    #[oai(default)]
    prompts_export: bool,
    #[oai(default)]
    tools_import: bool,
    #[oai(default)]
    tools_export: bool,
}

/// What users may share with groups and users, and with everyone (`public_…`).
#[derive(Object)]
struct SharingPermissions {
    #[oai(default)]
    models: bool,
    #[oai(default)]
    public_models: bool,
    #[oai(default)]
    knowledge: bool,
    #[oai(default)]
    public_knowledge: bool,
    #[oai(default)]
    prompts: bool,
    #[oai(default)]
    public_prompts: bool,
    #[oai(default)]
    tools: bool,
    #[oai(default = "granted")]
    public_tools: bool,
    #[oai(default)]
    notes: bool,
    #[oai(default = "granted")]
    public_notes: bool,
}

/// What users may do in chats.
#[derive(Object)]
struct ChatPermissions {
    #[oai(default = "granted")]
    controls: bool,
    #[oai(default = "granted")]
    valves: bool,
    #[oai(default = "granted")]
    system_prompt: bool,
    #[oai(default = "granted")]
    params: bool,
    #[oai(default = "granted")]
    file_upload: bool,
    #[oai(default = "granted")]
    delete: bool,
    #[oai(default = "granted")]
    delete_message: bool,
    #[oai(default = "granted")]
    continue_response: bool,
    #[oai(default = "granted")]
    regenerate_response: bool,
    #[oai(default = "granted")]
    rate_response: bool,
    #[oai(default = "granted")]
    edit: bool,
    #[oai(default = "granted")]
    share: bool,
    #[oai(default = "granted")]
    export: bool,
    #[oai(default = "granted")]
    stt: bool,
    #[oai(default = "granted")]
    tts: bool,
    #[oai(default = "granted")]
    call: bool,
    #[oai(default = "granted")]
    multiple_models: bool,
    #[oai(default = "granted")]
    temporary: bool,
    /// Whether users may hold temporary chats only.
    #[oai(default)]
    temporary_enforced: bool,
}

/// Which features users may use.
#[derive(Object)]
struct FeaturesPermissions {
    #[oai(default)]
    api_keys: bool,
    #[oai(default = "granted")]
    notes: bool,
    #[oai(default = "granted")]
    channels: bool,
    #[oai(default = "granted")]
    folders: bool,
    #[oai(default)]
    direct_tool_servers: bool,
    #[oai(default = "granted")]
    web_search: bool,
    #[oai(default = "granted")]
    image_generation: bool,
    #[oai(default = "granted")]
    code_interpreter: bool,
}

/// What users may do unless their groups allow more.
#[derive(Object)]
pub(super) struct UserPermissions {
    workspace: WorkspacePermissions,
    sharing: SharingPermissions,
    chat: ChatPermissions,
    features: FeaturesPermissions,
}

impl UserPermissions {
    /// Reads the stored form; sections and switches that are missing have their defaults.
    pub(super) fn from_stored(stored: &Value) -> Result<Self, BoxError> {
        let section = |name: &str| {
            let section = stored.get(name).cloned();
            (name.to_owned(), section.unwrap_or_else(|| Map::new().into()))
        };
        let sections = ["workspace", "sharing", "chat", "features"].map(section);
        let sections = Value::Object(sections.into_iter().collect());
        Self::parse_from_json(Some(sections)).map_err(|error| error.into_message().into())
    }

    /// The stored form.
    pub(super) fn into_stored(self) -> Value {
        self.to_json().unwrap_or_default()
    }
}
