use std::future::Future;

use diesel::result::Error as DieselError;
use keelson_domain::shared::StoreError;

use crate::failed;

/// Why a transaction was rolled back.
#[derive(Debug)]
pub enum TransactionError {
    /// The driver failed.
    Driver(DieselError),
    /// A repository found fault with what is stored.
    Store(StoreError),
}

impl From<DieselError> for TransactionError {
    fn from(error: DieselError) -> Self {
        Self::Driver(error)
    }
}

impl From<StoreError> for TransactionError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl TransactionError {
    /// As an error of the store; `table` as in [`failed`].
    pub(crate) fn into_store_error(self, table: &'static str) -> StoreError {
        match self {
            Self::Driver(error) => failed(table)(error),
            Self::Store(error) => error,
        }
    }
}

/// What is done inside a transaction: an async closure over the connection, whose future may move between threads.
/// diesel-async bounds its transactions by the same trait, which it keeps to itself.
pub trait Work<C, R>: AsyncFnOnce(C) -> R + FnOnce(C) -> <Self as Work<C, R>>::Future {
    /// What the closure returns.
    type Future: Future<Output = R>;
}

impl<F, C, R, Fut> Work<C, R> for F
where
    F: AsyncFnOnce(C) -> R + FnOnce(C) -> Fut,
    Fut: Future<Output = R>,
{
    type Future = Fut;
}
