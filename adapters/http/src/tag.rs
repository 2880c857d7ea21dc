//! The groups of operations in the document.

use poem_openapi::Tags;

/// The groups of operations: those of the reference, and for what it leaves ungrouped `completions`, `oauth` and
/// `system`. An operation's id begins with its tag.
#[derive(Tags, Clone, Copy)]
#[oai(rename_all = "lowercase")]
pub enum Tag {
    /// Speech and transcription.
    Audio,
    /// Signing in and out, profiles, API keys, and the settings of these.
    Auths,
    /// Channels, in which people talk with each other.
    Channels,
    /// Chats with models.
    Chats,
    /// Answers of models, and what is done with them.
    Completions,
    /// Settings of the server.
    Configs,
    /// Ratings of answers, and the arena in which models compete.
    Evaluations,
    /// Uploaded files.
    Files,
    /// Folders of chats.
    Folders,
    /// Functions: filters, pipes and actions.
    Functions,
    /// Groups of people, and what their members may do.
    Groups,
    /// Pictures that models make and edit.
    Images,
    /// Collections of documents.
    Knowledge,
    /// What models remember of a person.
    Memories,
    /// Models, and those built upon them.
    Models,
    /// Notes.
    Notes,
    /// Signing in at other providers.
    Oauth,
    /// Connections to Ollama servers.
    Ollama,
    /// Connections to servers that speak as OpenAI does.
    Openai,
    /// Servers of pipelines.
    Pipelines,
    /// Prompts to reuse.
    Prompts,
    /// Documents and the web as sources of answers.
    Retrieval,
    /// The server itself: health, version, usage, pages.
    System,
    /// What models write in the background, such as titles.
    Tasks,
    /// Tools that models may use.
    Tools,
    /// People.
    Users,
    /// Small services.
    Utils,
}
