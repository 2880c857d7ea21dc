//! The wire under one websocket, which we can cut.
//!
//! The engine itself waits for a stuck write as long as TCP does, a quarter of an hour, and keeps the page
//! in its rooms meanwhile. So a line that takes no bytes for a while is cut, and so is one that the core
//! wants closed: the client sees a lost connection, and connects again by itself.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Cuts a page off. Stands in the extensions of the request that opened it, and lives as long as the
/// engine's session.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scissors(Arc<CancellationToken>);

/// Does not keep the scissors alive.
pub(crate) struct WeakScissors(Weak<CancellationToken>);

impl Scissors {
    pub(crate) fn cut(&self) {
        self.0.cancel();
    }

    /// Ends when the page was cut off.
    pub(crate) async fn cutting(&self) {
        self.0.cancelled().await;
    }

    pub(crate) fn downgrade(&self) -> WeakScissors {
        WeakScissors(Arc::downgrade(&self.0))
    }
}

impl WeakScissors {
    pub(crate) fn upgrade(&self) -> Option<Scissors> {
        self.0.upgrade().map(Scissors)
    }
}

pub(crate) struct Line<T> {
    io: T,
    scissors: Scissors,
    patience: Duration,
    // Reader and writer are different tasks: each has its own future, so that both are woken.
    cut_for_reader: Pin<Box<WaitForCancellationFutureOwned>>,
    cut_for_writer: Pin<Box<WaitForCancellationFutureOwned>>,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<T> Line<T> {
    /// `patience` is how long the other end may take no bytes.
    pub(crate) fn new(io: T, scissors: Scissors, patience: Duration) -> Self {
        let cut = || Box::pin(CancellationToken::clone(&scissors.0).cancelled_owned());
        Self {
            io,
            patience,
            cut_for_reader: cut(),
            cut_for_writer: cut(),
            stalled: None,
            scissors,
        }
    }

    /// Watches a write that may not go on.
    fn watch<R>(&mut self, cx: &mut Context<'_>, progress: Poll<io::Result<R>>) -> Poll<io::Result<R>> {
        if progress.is_ready() {
            self.stalled = None;
            return progress;
        }
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(stalled.as_mut().poll(cx));
        self.scissors.cut();
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn check_writer(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        match self.cut_for_writer.as_mut().poll(cx) {
            Poll::Ready(()) => Err(io::ErrorKind::BrokenPipe.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Line<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.cut_for_reader.as_mut().poll(cx).is_ready() {
            // The end of the stream.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut this.io).poll_read(cx, buf)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Line<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check_writer(cx)?;
        let progress = Pin::new(&mut self.io).poll_write(cx, buf);
        self.watch(cx, progress)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check_writer(cx)?;
        let progress = Pin::new(&mut self.io).poll_flush(cx);
        self.watch(cx, progress)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let progress = Pin::new(&mut self.io).poll_shutdown(cx);
        self.watch(cx, progress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn cutting_ends_a_waiting_read_and_fails_later_writes() {
        let (near, _far) = duplex(64);
        let scissors = Scissors::default();
        let mut line = Line::new(near, scissors.clone(), Duration::from_secs(60));
        let cutter = tokio::spawn(async move {
            tokio::task::yield_now().await;
            scissors.cut();
        });
        assert_eq!(line.read(&mut [0; 8]).await.unwrap(), 0);
        cutter.await.unwrap();
        let error = line.write(b"x").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    #[tokio::test]
    async fn a_write_that_stalls_cuts_the_line_but_a_slow_one_does_not() {
        let (near, mut far) = duplex(4);
        let mut line = Line::new(near, Scissors::default(), Duration::from_millis(400));
        let reader = tokio::spawn(async move {
            for _ in 0..3 {
                tokio::time::sleep(Duration::from_millis(200)).await;
                far.read_exact(&mut [0; 4]).await.unwrap();
            }
            far
        });
        line.write_all(&[0; 16]).await.unwrap();
        let _far = reader.await.unwrap();
        let error = line.write(b"x").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(line.read(&mut [0; 8]).await.unwrap(), 0);
    }
}
