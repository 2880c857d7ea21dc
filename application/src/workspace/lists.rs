use keelson_domain::access::{OwnerScope, Right};
use keelson_domain::auth::Caller;
use keelson_domain::file::{File, FileQuery};
use keelson_domain::function::Function;
use keelson_domain::knowledge::Knowledge;
use keelson_domain::memory::Memory;
use keelson_domain::prompt::Prompt;
use keelson_domain::shared::StoreResult;
use keelson_domain::tool::Tool;

use super::Workspace;

/// Collections on one page (the reference's number).
const PAGE: usize = 30;

impl Workspace {
    /// The tools that the caller has a right to, newest change first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tools(&self, caller: &Caller, right: Right) -> StoreResult<Vec<Tool>> {
        let access = self.access.of(caller).await?;
        let mut tools = self.ports.tool.repository.list().await?;
        tools.retain(|tool| access.may(right, tool));
        Ok(tools)
    }

    /// All functions: everyone may know which there are, only admins see their source.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn functions(&self) -> StoreResult<Vec<Function>> {
        self.ports.function.repository.list().await
    }

    /// The prompts that the caller has a right to, newest change first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn prompts(&self, caller: &Caller, right: Right) -> StoreResult<Vec<Prompt>> {
        let access = self.access.of(caller).await?;
        let mut prompts = self.ports.prompt.repository.list().await?;
        prompts.retain(|prompt| access.may(right, prompt));
        Ok(prompts)
    }

    /// A page (from 1) of the collections that the caller may read, newest change first, each with whether the
    /// caller may change it; and how many there are in all.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn knowledge(
        &self,
        caller: &Caller,
        page: i64,
    ) -> StoreResult<(Vec<(Knowledge, bool)>, usize)> {
        let access = self.access.of(caller).await?;
        let mut all = self.ports.knowledge.repository.list().await?;
        all.retain(|one| access.may(Right::Read, one));
        let total = all.len();
        let skip = usize::try_from(page.max(1) - 1).unwrap_or(0).saturating_mul(PAGE);
        let shown = all.into_iter().skip(skip).take(PAGE).map(|one| {
            let write = access.may(Right::Write, &one);
            (one, write)
        });
        Ok((shown.collect(), total))
    }

    /// The caller's files; an admin's list holds everyone's.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn files(&self, caller: &Caller, content: bool) -> StoreResult<Vec<File>> {
        let query = FileQuery {
            owner: match self.access.of(caller).await?.owner_scope() {
                OwnerScope::Everyone => None,
                OwnerScope::Of(owner) => Some(owner),
            },
            content,
        };
        self.ports.file.repository.list(&query).await
    }

    /// The caller's memories.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn memories(&self, caller: &Caller) -> StoreResult<Vec<Memory>> {
        self.ports.memory.repository.of_user(caller.id()).await
    }
}
