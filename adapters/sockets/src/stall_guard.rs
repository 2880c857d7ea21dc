//! The byte stream under one websocket, which can be disconnected from outside.
//!
//! The engine itself waits for a stuck write as long as TCP does, a quarter of an hour, and keeps the connection in its
//! rooms meanwhile. So a stream that takes no bytes for a while is disconnected, and so is one that the core wants
//! closed: the client sees a lost connection, and reconnects by itself.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Disconnects a client. Stands in the extensions of the request that opened the connection, and lives as long as the
/// engine's session.
#[derive(Debug, Clone, Default)]
pub(crate) struct DisconnectHandle(Arc<CancellationToken>);

/// Does not keep the handle alive.
pub(crate) struct WeakDisconnectHandle(Weak<CancellationToken>);

impl DisconnectHandle {
    pub(crate) fn disconnect(&self) {
        self.0.cancel();
    }

    /// Waits until the client is disconnected by [`DisconnectHandle::disconnect`].
    pub(crate) async fn disconnected(&self) {
        self.0.cancelled().await;
    }

    pub(crate) fn downgrade(&self) -> WeakDisconnectHandle {
        WeakDisconnectHandle(Arc::downgrade(&self.0))
    }
}

impl WeakDisconnectHandle {
    pub(crate) fn upgrade(&self) -> Option<DisconnectHandle> {
        self.0.upgrade().map(DisconnectHandle)
    }
}

/// A stream that fails once its handle disconnects it or a write makes no progress for too long.
pub(crate) struct StallGuard<T> {
    io: T,
    handle: DisconnectHandle,
    write_timeout: Duration,
    // Reader and writer are different tasks: each has its own future, so that both are woken.
    disconnected_for_reader: Pin<Box<WaitForCancellationFutureOwned>>,
    disconnected_for_writer: Pin<Box<WaitForCancellationFutureOwned>>,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<T> StallGuard<T> {
    /// `write_timeout` is how long the other end may take no bytes.
    pub(crate) fn new(io: T, handle: DisconnectHandle, write_timeout: Duration) -> Self {
        let disconnected = || Box::pin(CancellationToken::clone(&handle.0).cancelled_owned());
        Self {
            io,
            write_timeout,
            disconnected_for_reader: disconnected(),
            disconnected_for_writer: disconnected(),
            stalled: None,
            handle,
        }
    }

    /// Disconnects when a write has been pending for too long.
    fn check_progress<R>(
        &mut self,
        cx: &mut Context<'_>,
        progress: Poll<io::Result<R>>,
    ) -> Poll<io::Result<R>> {
        if progress.is_ready() {
            self.stalled = None;
            return progress;
        }
        let timeout = self.write_timeout;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(timeout)));
        ready!(stalled.as_mut().poll(cx));
        self.handle.disconnect();
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn check_writer(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        match self.disconnected_for_writer.as_mut().poll(cx) {
            Poll::Ready(()) => Err(io::ErrorKind::BrokenPipe.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for StallGuard<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.disconnected_for_reader.as_mut().poll(cx).is_ready() {
            // The end of the stream.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut this.io).poll_read(cx, buf)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for StallGuard<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check_writer(cx)?;
        let progress = Pin::new(&mut self.io).poll_write(cx, buf);
        self.check_progress(cx, progress)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check_writer(cx)?;
        let progress = Pin::new(&mut self.io).poll_flush(cx);
        self.check_progress(cx, progress)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let progress = Pin::new(&mut self.io).poll_shutdown(cx);
        self.check_progress(cx, progress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn disconnecting_ends_a_waiting_read_and_fails_later_writes() {
        let (near, _far) = duplex(64);
        let handle = DisconnectHandle::default();
        let mut guarded = StallGuard::new(near, handle.clone(), Duration::from_secs(60));
        let disconnecting = tokio::spawn(async move {
            tokio::task::yield_now().await;
            handle.disconnect();
        });
        assert_eq!(guarded.read(&mut [0; 8]).await.unwrap(), 0);
        disconnecting.await.unwrap();
        let error = guarded.write(b"x").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    #[tokio::test]
    async fn a_stalled_write_disconnects_but_a_slow_one_does_not() {
        let (near, mut far) = duplex(4);
        let mut guarded = StallGuard::new(near, DisconnectHandle::default(), Duration::from_millis(400));
        let reader = tokio::spawn(async move {
            for _ in 0..3 {
                tokio::time::sleep(Duration::from_millis(200)).await;
                far.read_exact(&mut [0; 4]).await.unwrap();
            }
            far
        });
        guarded.write_all(&[0; 16]).await.unwrap();
        let _far = reader.await.unwrap();
        let error = guarded.write(b"x").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(guarded.read(&mut [0; 8]).await.unwrap(), 0);
    }
}
