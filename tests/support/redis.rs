use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A free loopback port.
fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|it| it.local_addr())
        .expect("a port")
        .port()
}

/// One Redis process on a free loopback port; stopped with this value.
pub(crate) struct RedisServer {
    child: Child,
    port: u16,
    arguments: Vec<String>,
    tls: bool,
    folder: TempDir,
}

impl RedisServer {
    /// Starts an empty server that keeps nothing on disk.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::with(|_| arguments.iter().map(|it| (*it).to_owned()).collect())
    }

    /// The same, with arguments made for its folder.
    pub(crate) fn with(arguments: impl FnOnce(&Path) -> Vec<String>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // Theirs first: a sentinel's file must be the first argument.
        let mut all = arguments(folder.path());
        all.extend(["--bind", "127.0.0.1", "--protected-mode", "no"].map(str::to_owned));
        let tls = all.iter().any(|it| it == "--tls-port");
        let port = all
            .iter()
            .position(|it| it == "--tls-port")
            .map_or_else(port, |at| all[at + 1].parse().expect("a port"));
        if !tls {
            all.extend(["--port".to_owned(), port.to_string()]);
        }
        let is_sentinel = all.iter().any(|it| it == "--sentinel");
        if !is_sentinel {
            all.extend(["--save", "", "--appendonly", "no"].map(str::to_owned));
        }
        let server = Self {
            child: Self::spawn(&all, folder.path()),
            port,
            arguments: all,
            tls,
            folder,
        };
        server.wait();
        server
    }

    fn spawn(arguments: &[String], folder: &Path) -> Child {
        Command::new("redis-server")
            .args(arguments)
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-server is installed (make test installs it)")
    }

    fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.command(&["PING"]) != "PONG" {
            assert!(Instant::now() < deadline, "Redis did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a command with redis-cli; its output, trimmed.
    pub(crate) fn command(&self, command: &[&str]) -> String {
        let output = self.cli(command);
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn cli(&self, command: &[&str]) -> Output {
        let mut cli = Command::new("redis-cli");
        cli.args(["-p", &self.port.to_string()]);
        if self.tls {
            cli.args(["--tls", "--insecure"]);
        }
        cli.args(command).output().expect("redis-cli runs")
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([name, &self.child.id().to_string()])
            .status()
            .expect("kill");
        assert!(status.success());
    }

    /// Pauses it (SIGSTOP): it keeps its connections and answers nothing.
    pub(crate) fn pause(&self) {
        self.signal("-STOP");
    }

    /// Resumes it.
    pub(crate) fn resume(&self) {
        self.signal("-CONT");
    }

    /// Kills it.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it again, empty, after a kill.
    pub(crate) fn restart(&mut self) {
        self.child = Self::spawn(&self.arguments, self.folder.path());
        self.wait();
    }

    /// How many clients are connected, without this command's.
    pub(crate) fn clients(&self) -> usize {
        self.command(&["CLIENT", "LIST", "TYPE", "normal"])
            .lines()
            .count()
            - 1
            + self
                .command(&["CLIENT", "LIST", "TYPE", "pubsub"])
                .lines()
                .filter(|line| !line.is_empty())
                .count()
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A set of servers in one of the three modes.
pub(crate) struct RedisSet {
    /// The servers that hold data.
    pub(crate) servers: Vec<RedisServer>,
    sentinels: Vec<RedisServer>,
    cluster: bool,
}

impl RedisSet {
    /// One server.
    pub(crate) fn standalone() -> Self {
        Self {
            servers: vec![RedisServer::start(&[])],
            sentinels: Vec::new(),
            cluster: false,
        }
    }

    /// A master, a replica, three sentinels.
    pub(crate) fn sentinel() -> Self {
        let master = RedisServer::start(&["--repl-diskless-sync-delay", "0"]);
        let port = master.port().to_string();
        let replica = RedisServer::start(&["--replicaof", "127.0.0.1", &port]);
        let sentinels: Vec<_> = (0..3)
            .map(|_| {
                RedisServer::with(|folder| {
                    let file = folder.join("sentinel.conf");
                    let text = format!(
                        "sentinel monitor mymaster 127.0.0.1 {port} 2\n\
                         sentinel down-after-milliseconds mymaster 1000\n\
                         sentinel failover-timeout mymaster 5000\n"
                    );
                    std::fs::write(&file, text).expect("a file");
                    vec![file.display().to_string(), "--sentinel".to_owned()]
                })
            })
            .collect();
        let set = Self {
            servers: vec![master, replica],
            sentinels,
            cluster: false,
        };
        set.until("sentinels know each other and the replica", |set| {
            set.sentinels.iter().all(|it| {
                let about = it.command(&["SENTINEL", "MASTER", "mymaster"]);
                let value = |name: &str| {
                    let mut lines = about.lines().skip_while(|line| *line != name);
                    lines.nth(1).map(str::to_owned)
                };
                value("num-slaves").as_deref() == Some("1")
                    && value("num-other-sentinels").as_deref() == Some("2")
            })
        });
        set
    }

    /// Three masters that share the slots.
    pub(crate) fn cluster() -> Self {
        let servers: Vec<_> = (0..3)
            .map(|_| {
                let bus = port().to_string();
                RedisServer::start(&["--cluster-enabled", "yes", "--cluster-port", &bus])
            })
            .collect();
        let mut cli = Command::new("redis-cli");
        cli.args(["--cluster", "create", "--cluster-yes"]);
        for server in &servers {
            cli.arg(format!("127.0.0.1:{}", server.port()));
        }
        let made = cli.output().expect("redis-cli runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
        let set = Self {
            servers,
            sentinels: Vec::new(),
            cluster: true,
        };
        set.until("the cluster is whole", |set| {
            set.servers
                .iter()
                .all(|it| it.command(&["CLUSTER", "INFO"]).contains("cluster_state:ok"))
        });
        set
    }

    fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !is_so(self) {
            assert!(Instant::now() < deadline, "not so in time: {what}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// `REDIS_URL`.
    pub(crate) fn url(&self) -> String {
        if self.sentinels.is_empty() {
            format!("redis://127.0.0.1:{}", self.servers[0].port())
        } else {
            "redis://mymaster/0".to_owned()
        }
    }

    /// `REDIS_CLUSTER`.
    pub(crate) fn is_cluster(&self) -> bool {
        self.cluster
    }

    /// `REDIS_SENTINEL_HOSTS`, with ports.
    pub(crate) fn sentinel_hosts(&self) -> String {
        let hosts = self.sentinels.iter().map(|it| format!("127.0.0.1:{}", it.port()));
        hosts.collect::<Vec<_>>().join(",")
    }
}
