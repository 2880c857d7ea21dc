/// One permission, by its place in the tree of permissions (`USER_PERMISSIONS`): a section and a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Make and change models of the workspace.
    WorkspaceModels,
    /// Make and change knowledge.
    WorkspaceKnowledge,
    /// Make and change prompts.
    WorkspacePrompts,
    /// Make and change tools.
    WorkspaceTools,
    /// Import models.
    WorkspaceModelsImport,
    /// Export models.
    WorkspaceModelsExport,
    /// Import prompts.
    WorkspacePromptsImport,
    /// Export prompts.
    WorkspacePromptsExport,
    /// Import tools.
    WorkspaceToolsImport,
    /// Export tools.
    WorkspaceToolsExport,
    /// Share models with groups and users.
    SharingModels,
    /// Share models with everyone.
    SharingPublicModels,
    /// Share knowledge with groups and users.
    SharingKnowledge,
    /// Share knowledge with everyone.
    SharingPublicKnowledge,
    /// Share prompts with groups and users.
    SharingPrompts,
    /// Share prompts with everyone.
    SharingPublicPrompts,
    /// Share tools with groups and users.
    SharingTools,
    /// Share tools with everyone.
    SharingPublicTools,
    /// Share notes with groups and users.
    SharingNotes,
    /// Share notes with everyone.
    SharingPublicNotes,
    /// Open the controls of a chat.
    ChatControls,
    /// Set a function's valves in a chat.
    ChatValves,
    /// Set the system prompt of a chat.
    ChatSystemPrompt,
    /// Set the parameters of a chat.
    ChatParams,
    /// Attach files to a chat.
    ChatFileUpload,
    /// Delete chats.
    ChatDelete,
    /// Delete messages.
    ChatDeleteMessage,
    /// Continue an answer.
    ChatContinueResponse,
    /// Have an answer written again.
    ChatRegenerateResponse,
    /// Rate answers.
    ChatRateResponse,
    /// Edit messages.
    ChatEdit,
    /// Share chats.
    ChatShare,
    /// Export chats.
    ChatExport,
    /// Dictate.
    ChatStt,
    /// Have answers read aloud.
    ChatTts,
    /// Talk to a model.
    ChatCall,
    /// Ask several models at once.
    ChatMultipleModels,
    /// Hold temporary chats.
    ChatTemporary,
    /// Hold temporary chats only.
    ChatTemporaryEnforced,
    /// Use API keys.
    FeaturesApiKeys,
    /// Use notes.
    FeaturesNotes,
    /// Use folders.
    FeaturesFolders,
    /// Use channels.
    FeaturesChannels,
    /// Connect tool servers of their own.
    FeaturesDirectToolServers,
    /// Search the web.
    FeaturesWebSearch,
    /// Generate images.
    FeaturesImageGeneration,
    /// Use the code interpreter.
    FeaturesCodeInterpreter,
}

impl Permission {
    /// Every permission, in the order of the stored tree.
    pub const ALL: &[Self] = &[
        Self::WorkspaceModels,
        Self::WorkspaceKnowledge,
        Self::WorkspacePrompts,
        Self::WorkspaceTools,
        Self::WorkspaceModelsImport,
        Self::WorkspaceModelsExport,
        Self::WorkspacePromptsImport,
        Self::WorkspacePromptsExport,
        Self::WorkspaceToolsImport,
        Self::WorkspaceToolsExport,
        Self::SharingModels,
        Self::SharingPublicModels,
        Self::SharingKnowledge,
        Self::SharingPublicKnowledge,
        Self::SharingPrompts,
        Self::SharingPublicPrompts,
        Self::SharingTools,
        Self::SharingPublicTools,
        Self::SharingNotes,
        Self::SharingPublicNotes,
        Self::ChatControls,
        Self::ChatValves,
        Self::ChatSystemPrompt,
        Self::ChatParams,
        Self::ChatFileUpload,
        Self::ChatDelete,
        Self::ChatDeleteMessage,
        Self::ChatContinueResponse,
        Self::ChatRegenerateResponse,
        Self::ChatRateResponse,
        Self::ChatEdit,
        Self::ChatShare,
        Self::ChatExport,
        Self::ChatStt,
        Self::ChatTts,
        Self::ChatCall,
        Self::ChatMultipleModels,
        Self::ChatTemporary,
        Self::ChatTemporaryEnforced,
        Self::FeaturesApiKeys,
        Self::FeaturesNotes,
        Self::FeaturesFolders,
        Self::FeaturesChannels,
        Self::FeaturesDirectToolServers,
        Self::FeaturesWebSearch,
        Self::FeaturesImageGeneration,
        Self::FeaturesCodeInterpreter,
    ];

    /// The dotted path, such as `chat.delete`.
    pub const fn path(self) -> &'static str {
        match self {
            Self::WorkspaceModels => "workspace.models",
            Self::WorkspaceKnowledge => "workspace.knowledge",
            Self::WorkspacePrompts => "workspace.prompts",
            Self::WorkspaceTools => "workspace.tools",
            Self::WorkspaceModelsImport => "workspace.models_import",
            Self::WorkspaceModelsExport => "workspace.models_export",
            Self::WorkspacePromptsImport => "workspace.prompts_import",
            Self::WorkspacePromptsExport => "workspace.prompts_export",
            Self::WorkspaceToolsImport => "workspace.tools_import",
            Self::WorkspaceToolsExport => "workspace.tools_export",
            Self::SharingModels => "sharing.models",
            Self::SharingPublicModels => "sharing.public_models",
            Self::SharingKnowledge => "sharing.knowledge",
            Self::SharingPublicKnowledge => "sharing.public_knowledge",
            Self::SharingPrompts => "sharing.prompts",
            Self::SharingPublicPrompts => "sharing.public_prompts",
            Self::SharingTools => "sharing.tools",
            Self::SharingPublicTools => "sharing.public_tools",
            Self::SharingNotes => "sharing.notes",
            Self::SharingPublicNotes => "sharing.public_notes",
            Self::ChatControls => "chat.controls",
            Self::ChatValves => "chat.valves",
            Self::ChatSystemPrompt => "chat.system_prompt",
            Self::ChatParams => "chat.params",
            Self::ChatFileUpload => "chat.file_upload",
            Self::ChatDelete => "chat.delete",
            Self::ChatDeleteMessage => "chat.delete_message",
            Self::ChatContinueResponse => "chat.continue_response",
            Self::ChatRegenerateResponse => "chat.regenerate_response",
            Self::ChatRateResponse => "chat.rate_response",
            Self::ChatEdit => "chat.edit",
            Self::ChatShare => "chat.share",
            Self::ChatExport => "chat.export",
            Self::ChatStt => "chat.stt",
            Self::ChatTts => "chat.tts",
            Self::ChatCall => "chat.call",
            Self::ChatMultipleModels => "chat.multiple_models",
            Self::ChatTemporary => "chat.temporary",
            Self::ChatTemporaryEnforced => "chat.temporary_enforced",
            Self::FeaturesApiKeys => "features.api_keys",
            Self::FeaturesNotes => "features.notes",
            Self::FeaturesFolders => "features.folders",
            Self::FeaturesChannels => "features.channels",
            Self::FeaturesDirectToolServers => "features.direct_tool_servers",
            Self::FeaturesWebSearch => "features.web_search",
            Self::FeaturesImageGeneration => "features.image_generation",
            Self::FeaturesCodeInterpreter => "features.code_interpreter",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::config::table;

    #[test]
    fn every_default_permission_is_named() {
        let tree: Value = serde_json::from_str(table::USER_PERMISSIONS.default).expect("JSON");
        let sections = tree.as_object().expect("an object");
        let stored: BTreeSet<String> = sections
            .iter()
            .flat_map(|(section, names)| {
                let names = names.as_object().expect("an object");
                names.keys().map(move |name| format!("{section}.{name}"))
            })
            .collect();
        let named: BTreeSet<String> = Permission::ALL
            .iter()
            .map(|permission| permission.path().to_owned())
            .collect();
        assert_eq!(named, stored);
    }
}
