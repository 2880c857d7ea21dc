use std::sync::Arc;

use keelson_domain::audit::AuditSink;
use keelson_domain::auth::{
    Accounts, ApiKeyRepository, PasswordHasher, RateLimiter, TokenRevocations, TokenSigner,
};
use keelson_domain::channel::{ChannelMembership, ChannelRepository};
use keelson_domain::chat::{ChatLists, ChatMessages, ChatRepository, ChatShares};
use keelson_domain::config::{SettingsFeed, SettingsStore};
use keelson_domain::file::FileRepository;
use keelson_domain::folder::FolderRepository;
use keelson_domain::function::FunctionRepository;
use keelson_domain::group::{GroupCatalog, GroupRepository};
use keelson_domain::knowledge::KnowledgeRepository;
use keelson_domain::memory::MemoryRepository;
use keelson_domain::model::{ModelProvider, ModelRepository};
use keelson_domain::note::{NoteReaders, NoteRepository};
use keelson_domain::prompt::PromptRepository;
use keelson_domain::realtime::{EventBus, Presence};
use keelson_domain::session::SessionStore;
use keelson_domain::shared::{Clock, Ids};
use keelson_domain::system::StorageHealth;
use keelson_domain::tag::TagRepository;
use keelson_domain::task::{TaskDirectory, TaskSignals};
use keelson_domain::tool::ToolRepository;
use keelson_domain::user::{UserActivity, UserRepository};
use keelson_domain::webhook::Webhooks;

/// Every way out of the core. Bootstrap fills it with adapters, tests with memory twins.
#[derive(Clone)]
pub struct Ports {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Identifiers and randomness.
    pub ids: Arc<dyn Ids>,
    /// Where audit entries go.
    pub audit: Arc<dyn AuditSink>,
    /// Stored settings.
    pub settings_store: Arc<dyn SettingsStore>,
    /// Changes of settings between instances.
    pub settings_feed: Arc<dyn SettingsFeed>,
    /// Browser sessions, where the server keeps them.
    pub sessions: Arc<dyn SessionStore>,
    /// Signs and checks session tokens.
    pub tokens: Arc<dyn TokenSigner>,
    /// Which tokens were revoked.
    pub revocations: Arc<dyn TokenRevocations>,
    /// Hashes passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Limits tries to sign in.
    pub limiter: Arc<dyn RateLimiter>,
    /// Whether the database answers.
    pub storage_health: Arc<dyn StorageHealth>,
    /// Makes and unmakes accounts.
    pub accounts: Arc<dyn Accounts>,
    /// API keys.
    pub api_keys: Arc<dyn ApiKeyRepository>,
    /// Groups of users.
    pub groups: Arc<dyn GroupRepository>,
    /// Groups as admins manage them.
    pub group_catalog: Arc<dyn GroupCatalog>,
    /// Accounts.
    pub users: Arc<dyn UserRepository>,
    /// When accounts were last active.
    pub activity: Arc<dyn UserActivity>,
    /// Who is in which channel.
    pub channels: Arc<dyn ChannelMembership>,
    /// Who may read which note.
    pub notes: Arc<dyn NoteReaders>,
    /// Events to connected clients.
    pub events: Arc<dyn EventBus>,
    /// Who is connected.
    pub presence: Arc<dyn Presence>,
    /// Running tasks.
    pub task_directory: Arc<dyn TaskDirectory>,
    /// Stop commands.
    pub task_signals: Arc<dyn TaskSignals>,
    /// Models of the workspace.
    pub models: Arc<dyn ModelRepository>,
    /// Speaks the OpenAI protocol.
    pub openai: Arc<dyn ModelProvider>,
    /// The built-in offline model.
    pub demo: Arc<dyn ModelProvider>,
    /// Whole chats.
    pub chats: Arc<dyn ChatRepository>,
    /// Lists of chats.
    pub chat_lists: Arc<dyn ChatLists>,
    /// Single messages of chats.
    pub chat_messages: Arc<dyn ChatMessages>,
    /// Shared copies of chats.
    pub chat_shares: Arc<dyn ChatShares>,
    /// Folders of chats.
    pub folders: Arc<dyn FolderRepository>,
    /// Tags of chats.
    pub tags: Arc<dyn TagRepository>,
    /// Webhook notifications.
    pub webhooks: Arc<dyn Webhooks>,
    /// What people share.
    pub workspace: WorkspacePorts,
}

/// Where the things lie that people share.
#[derive(Clone)]
pub struct WorkspacePorts {
    /// Tools.
    pub tools: Arc<dyn ToolRepository>,
    /// Functions.
    pub functions: Arc<dyn FunctionRepository>,
    /// Prompts.
    pub prompts: Arc<dyn PromptRepository>,
    /// Collections of files.
    pub knowledge: Arc<dyn KnowledgeRepository>,
    /// Files.
    pub files: Arc<dyn FileRepository>,
    /// Memories.
    pub memories: Arc<dyn MemoryRepository>,
    /// Notes.
    pub notes: Arc<dyn NoteRepository>,
    /// Channels.
    pub channels: Arc<dyn ChannelRepository>,
}
