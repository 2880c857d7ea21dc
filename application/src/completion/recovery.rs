use std::time::Duration;

use keelson_domain::shared::StoreResult;
use tokio_util::sync::CancellationToken;

use super::Completions;

/// How often checkpoints of processes that are gone are looked for.
const INTERVAL: Duration = Duration::from_secs(30);

/// How old the checkpoint of a running answer may be, in seconds: it is saved every ten at least, and clocks of
/// instances differ.
const LIFE: i64 = 60;

impl Completions {
    /// Ends the answers of processes that are gone, until `end`: what came of them is merged into their chats. When this
    /// process is alone with its database, all that are there when it starts are such.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn recover_answers(&self, is_alone: bool, end: CancellationToken) -> StoreResult<()> {
        if is_alone {
            self.recover_saved(0).await?;
        }
        loop {
            self.recover_saved(LIFE).await?;
            if tokio::time::timeout(INTERVAL, end.cancelled()).await.is_ok() {
                return Ok(());
            }
        }
    }

    /// Ends the answers whose checkpoints are older than so many seconds.
    async fn recover_saved(&self, seconds: i64) -> StoreResult<()> {
        let recovered = self
            .checkpoints
            .recover(self.clock.now().plus_seconds(-seconds))
            .await?;
        if recovered > 0 {
            tracing::info!(
                answers = recovered,
                "answers of a process that ended were stored in their chats"
            );
        }
        Ok(())
    }
}
