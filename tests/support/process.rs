use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long a start may take, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The binary: `KEELSON_BIN`, or the one built with these tests.
pub(crate) fn binary() -> PathBuf {
    std::env::var_os("KEELSON_BIN")
        .filter(|path| !path.is_empty())
        .unwrap_or_else(|| env!("CARGO_BIN_EXE_keelson-of-tests").into())
        .into()
}

/// The binary on a data folder, told to take any free port of the loopback; nothing of this process's environment.
pub(crate) fn keelson(data: &Path, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(binary());
    prepare(&mut command, data, variables);
    command
}

/// The same as another user, whom permissions bind.
pub(crate) fn keelson_as_nobody(binary: &Path, data: &Path, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"])
        .arg(binary);
    prepare(&mut command, data, variables);
    command
}

fn prepare(command: &mut Command, data: &Path, variables: &[(&str, &str)]) {
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("DATA_DIR", data)
        .env("HOST", "127.0.0.1")
        .env("PORT", "0")
        .env("WEBUI_SECRET_KEY", "a secret of tests")
        .envs(variables.iter().copied())
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
}

/// A command that ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Exit code.
    pub(crate) code: Option<i32>,
    /// What it printed.
    pub(crate) out: String,
    /// What it complained about.
    pub(crate) err: String,
}

impl Ended {
    /// Asserts a refusal: a failure, said in the last lines, with all of these words in it, without log noise as a panic.
    pub(crate) fn refused(&self, words: &[&str]) {
        assert_eq!(self.code, Some(1), "it should have refused: {self:?}");
        let said = self.err.find("keelson: ").map_or("", |at| &self.err[at..]);
        for word in words {
            assert!(said.contains(word), "{word:?} is not said in {said:?}");
        }
        for never in ["hunter2", "panicked", "RUST_BACKTRACE"] {
            assert!(!self.err.contains(never), "{never:?} is said in {:?}", self.err);
        }
    }
}

/// Runs a command that should end by itself.
pub(crate) fn run(mut command: Command) -> Ended {
    let mut child = command.spawn().expect("it starts");
    let mut pipes = (
        child.stdout.take().expect("a pipe"),
        child.stderr.take().expect("a pipe"),
    );
    let out = std::thread::spawn(move || text(&mut pipes.0));
    let err = std::thread::spawn(move || text(&mut pipes.1));
    let deadline = Instant::now() + PATIENCE;
    let code = loop {
        if let Some(status) = child.try_wait().expect("a status") {
            break status.code();
        }
        if Instant::now() > deadline {
            let _ = child.kill();
            let _ = child.wait();
            break None;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    Ended {
        code,
        out: out.join().expect("read"),
        err: err.join().expect("read"),
    }
}

fn text(pipe: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let _ = pipe.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A server that runs; killed with this value.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    /// Where it listens.
    pub(crate) url: String,
}

impl Running {
    /// Starts a server and waits until it is ready.
    pub(crate) fn start(command: Command) -> Self {
        let mut server = Self::begin(command);
        server.ready();
        server
    }

    /// Starts a server and does not wait.
    pub(crate) fn begin(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::null()).spawn().expect("it starts");
        let pipe = child.stderr.take().expect("a pipe");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self {
            child,
            lines,
            url: String::new(),
        }
    }

    /// Waits until it is ready.
    pub(crate) fn ready(&mut self) {
        let mut said = Vec::new();
        loop {
            let line = self
                .lines
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("it does not start: {said:#?}"));
            let plain = without_colours(&line);
            if let Some(at) = plain.find("address=\"127.0.0.1:") {
                let rest = &plain[at + "address=\"".len()..];
                self.url = format!("http://{}", rest.split('"').next().unwrap_or_default());
                return;
            }
            said.push(plain);
        }
    }

    /// Kills it at once, as a lost power supply would.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// Asks it to stop, and waits for that; the lines that it wrote since it was ready.
    pub(crate) fn stop(mut self) -> Vec<String> {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(asked.success());
        let status = self.child.wait().expect("ended");
        assert!(status.success(), "it ended with {status}");
        self.lines.iter().map(|line| without_colours(&line)).collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn without_colours(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('\u{1b}') {
        plain.push_str(&rest[..at]);
        rest = rest[at..].split_once('m').map_or("", |(_, after)| after);
    }
    plain + rest
}
