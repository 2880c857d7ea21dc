use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A PostgreSQL server of its own on a free loopback port; stopped with this value.
pub(crate) struct Postgres {
    server: Child,
    port: u16,
    folder: TempDir,
    arguments: Vec<String>,
}

/// A program as the user that PostgreSQL runs as, in some folder.
pub(crate) fn run_as_server(program: &str, arguments: &[&str], folder: &Path) {
    let done = command(Path::new(program))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{program} {arguments:?}: {said}");
}

/// A folder that the server's user may write to.
fn open_folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let open = Command::new("chmod").arg("777").arg(folder.path()).status();
    assert!(open.expect("chmod").success());
    folder
}

/// The newest installed version's programs.
fn programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is installed (make test installs it)")
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|path| path.join("postgres").is_file())
        .collect();
    versions.sort();
    versions
        .pop()
        .expect("PostgreSQL is installed (make test installs it)")
}

/// PostgreSQL refuses to run as root: there it runs as the user that its package made.
fn command(program: &Path) -> Command {
    let root = Command::new("id").arg("-u").output().expect("id").stdout == b"0\n";
    if root {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=postgres", "--regid=postgres", "--clear-groups"])
            .arg(program);
        command
    } else {
        Command::new(program)
    }
}

impl Postgres {
    /// Starts one with an empty database `keelson`.
    pub(crate) fn start() -> Self {
        Self::start_with(|_| Vec::new())
    }

    /// The same, after its folder was prepared (the data lies in `data` there); with settings, as `ssl=on`.
    pub(crate) fn start_with(prepare: impl FnOnce(&Path) -> Vec<String>) -> Self {
        let folder = open_folder();
        let data = folder.path().join("data");
        let made = command(&programs().join("initdb"))
            .args(["-A", "trust", "-U", "keelson", "--no-sync", "-D"])
            .arg(&data)
            .stdout(Stdio::null())
            .status()
            .expect("initdb runs");
        assert!(made.success(), "initdb failed");
        let server = Self::over(folder, prepare);
        server.wait_until("postgres", "CREATE DATABASE keelson");
        server
    }

    /// A standby that follows this one, until it is promoted.
    pub(crate) fn standby(&self) -> Self {
        let folder = open_folder();
        let data = folder.path().join("data").display().to_string();
        let port = self.port.to_string();
        let program = programs().join("pg_basebackup").display().to_string();
        let arguments = [
            "-R",
            "-c",
            "fast",
            "-h",
            "127.0.0.1",
            "-p",
            &port,
            "-U",
            "keelson",
            "-D",
            &data,
        ];
        run_as_server(&program, &arguments, folder.path());
        let standby = Self::over(folder, |_| Vec::new());
        standby.wait_until("keelson", "SELECT 1");
        standby
    }

    /// Makes a standby the server that is written to.
    pub(crate) fn promote(&self) {
        assert!(self.sql("keelson", "SELECT pg_promote()"), "it was not promoted");
    }

    /// Runs a server over the data in a folder.
    fn over(folder: TempDir, prepare: impl FnOnce(&Path) -> Vec<String>) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|it| it.local_addr())
            .expect("a port")
            .port();
        let data = folder.path().join("data").display().to_string();
        let mut arguments = vec!["-D".to_owned(), data, "-p".to_owned(), port.to_string()];
        let settings = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
        ];
        let settings = settings
            .map(str::to_owned)
            .into_iter()
            .chain(prepare(folder.path()));
        arguments.extend(settings.flat_map(|setting| ["-c".to_owned(), setting]));
        Self {
            server: Self::spawn(&arguments),
            port,
            folder,
            arguments,
        }
    }

    fn spawn(arguments: &[String]) -> Child {
        command(&programs().join("postgres"))
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres starts")
    }

    fn wait_until(&self, database: &str, statement: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !self.sql(database, statement) {
            assert!(Instant::now() < deadline, "PostgreSQL did not start");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Stops it: `INT` ends all sessions in order, `QUIT` leaves it to recover at its next start.
    pub(crate) fn stop(&mut self, signal: &str) {
        let asked = Command::new("kill")
            .args([format!("-{signal}"), self.server.id().to_string()])
            .status();
        assert!(asked.expect("kill runs").success());
        self.server.wait().expect("it ended");
    }

    /// Starts it again on the same port.
    pub(crate) fn start_again(&mut self) {
        self.server = Self::spawn(&self.arguments);
        self.wait_until("keelson", "SELECT 1");
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The address of the database.
    pub(crate) fn url(&self) -> String {
        self.url_of("keelson")
    }

    /// The address of another database.
    pub(crate) fn url_of(&self, database: &str) -> String {
        format!("postgresql://keelson@127.0.0.1:{}/{database}", self.port)
    }

    /// Where it listens on the loopback.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Makes the role `ada`, and asks for passwords.
    pub(crate) fn ask_passwords_after(&self, role: &str) {
        assert!(self.sql("keelson", role));
        self.ask_passwords();
    }

    /// Asks everybody but `keelson` for a password from now on.
    pub(crate) fn ask_passwords(&self) {
        let rules = "host all keelson 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
        std::fs::write(self.folder.path().join("data/pg_hba.conf"), rules).expect("the rules");
        let deadline = Instant::now() + Duration::from_secs(10);
        while self.sql_as("ada", "keelson", "SELECT 1") {
            assert!(Instant::now() < deadline, "the rules are not taken up");
            assert!(self.sql("keelson", "SELECT pg_reload_conf()"));
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Runs a statement in a database; whether it went well.
    pub(crate) fn sql(&self, database: &str, statement: &str) -> bool {
        self.sql_as("keelson", database, statement)
    }

    fn sql_as(&self, user: &str, database: &str, statement: &str) -> bool {
        let port = self.port.to_string();
        Command::new("psql")
            .args([
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "-w",
                "-U",
                user,
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                database,
                "-c",
            ])
            .arg(statement)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// What a query of the database answers: a line a row, with `|` between its cells.
    pub(crate) fn ask(&self, query: &str) -> String {
        let port = self.port.to_string();
        let answered = Command::new("psql")
            .args([
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "-w",
                "-U",
                "keelson",
                "-d",
                "keelson",
                "-tAX",
                "-c",
            ])
            .arg(query)
            .output()
            .expect("psql runs");
        assert!(
            answered.status.success(),
            "{}",
            String::from_utf8_lossy(&answered.stderr)
        );
        String::from_utf8(answered.stdout).expect("UTF-8")
    }

    /// Runs a file of statements in the database.
    pub(crate) fn run_file(&self, file: &Path) {
        let port = self.port.to_string();
        let done = Command::new("psql")
            .args([
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "-U",
                "keelson",
                "-q",
                "-d",
                "keelson",
                "-f",
            ])
            .arg(file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("psql runs");
        assert!(done.success(), "{} could not be run", file.display());
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
