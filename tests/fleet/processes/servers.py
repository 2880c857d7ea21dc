"""Servers of the fleet tests: each a real process on free loopback ports, ended by its process id."""
import asyncio, os, pathlib, shutil, signal, socket, subprocess, tempfile, time, urllib.request

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_taken = set()


def free_port(below=None):
    """A port that nobody listens on and that was not handed out before; for a cluster one whose bus port is free too."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port not in _taken and (below is None or port < below):
            _taken.add(port)
            return port


def wait_for(what, ask, seconds=60):
    end = time.monotonic() + seconds
    while True:
        try:
            found = ask()
            if found:
                return found
        except (OSError, subprocess.SubprocessError):
            pass
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(0.05)


class Process:
    """A child process with its log; `kill` is kill -9, `pause` is SIGSTOP."""

    def __init__(self, name, command, scratch, env=None, user=None):
        self.name, self.log = name, pathlib.Path(scratch, f"{name}.log")
        if user:
            command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *command]
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                          env=env or os.environ.copy(), start_new_session=True)

    def alive(self):
        return self.child.poll() is None

    def signal(self, number):
        if self.alive():
            self.child.send_signal(number)

    def pause(self):
        self.signal(signal.SIGSTOP)

    def resume(self):
        self.signal(signal.SIGCONT)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.child.wait()

    def stop(self, seconds=25):
        self.resume()
        self.signal(signal.SIGTERM)
        try:
            self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()


class Postgres(Process):
    def __init__(self, scratch):
        programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        folder, self.port = pathlib.Path(scratch, "postgres"), free_port()
        folder.mkdir()
        os.chmod(scratch, 0o755)
        os.chmod(folder, 0o777)
        user = "postgres" if os.getuid() == 0 else None
        prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if user else []
        subprocess.run([*prefix, programs / "initdb", "-A", "trust", "-U", "keelson", "--no-sync", "-D", folder / "data"],
                       check=True, stdout=subprocess.DEVNULL)
        super().__init__("postgres", [programs / "postgres", "-D", folder / "data", "-p", self.port, "-c", "fsync=off",
                                      "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                                      "-c", "max_connections=300"], scratch, user=user)
        self.url = f"postgresql://keelson@127.0.0.1:{self.port}/keelson"
        wait_for("PostgreSQL", lambda: self.sql("CREATE DATABASE keelson", "postgres") is not None)

    def sql(self, statement, database="keelson"):
        done = subprocess.run(["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "keelson", "-qAt", "-d", database,
                               "-c", statement], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return done.stdout.strip() if done.returncode == 0 else None


class RedisNode(Process):
    def __init__(self, name, scratch, *options, port=None):
        self.port = port or free_port(below=50000)
        self.again = (name, scratch, options)
        super().__init__(name, ["redis-server", "--port", self.port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                                "--dir", scratch, *options], scratch)
        wait_for(name, lambda: self.cli("PING") == "PONG")

    def cli(self, *words):
        done = subprocess.run(["redis-cli", "-p", str(self.port), *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              timeout=5)
        return done.stdout.strip()

    def restarted(self):
        """The same node with nothing in it."""
        name, scratch, options = self.again
        return RedisNode(name, scratch, *options, port=self.port)


class Standalone:
    """One Redis."""

    def __init__(self, scratch):
        self.nodes = [RedisNode("redis", scratch)]
        self.env = {"REDIS_URL": f"redis://127.0.0.1:{self.nodes[0].port}/0"}

    def masters(self):
        return [node for node in self.nodes if node.alive()]

    def stop(self):
        for node in self.nodes:
            node.resume()
            node.kill()


class Sentinel(Standalone):
    """A master, a replica, and three sentinels that watch them."""

    def __init__(self, scratch):
        first = RedisNode("redis-a", scratch)
        second = RedisNode("redis-b", scratch, "--replicaof", "127.0.0.1", str(first.port))
        self.nodes, self.watchers = [first, second], []
        wait_for("the replica", lambda: "master_link_status:up" in second.cli("INFO", "replication"))
        # One port on three addresses: the reference's variables know one port for all.
        port = free_port()
        for nth in range(1, 4):
            conf = pathlib.Path(scratch, f"sentinel-{nth}.conf")
            conf.write_text(f"port {port}\nbind 127.0.0.{nth}\ndir {scratch}\nsentinel announce-ip 127.0.0.{nth}\n"
                            f"sentinel monitor mymaster 127.0.0.1 {first.port} 2\n"
                            "sentinel down-after-milliseconds mymaster 1000\nsentinel failover-timeout mymaster 5000\n")
            watcher = Process(f"sentinel-{nth}", ["redis-server", conf, "--sentinel"], scratch)
            watcher.port = port
            self.watchers.append(watcher)
        ask = lambda: self.sentinel("SENTINEL", "SENTINELS", "mymaster").count("runid")
        wait_for("the sentinels", lambda: ask() >= 2 and "slave0" in first.cli("INFO", "replication"))
        self.env = {"REDIS_URL": "redis://mymaster/0", "REDIS_SENTINEL_HOSTS": "127.0.0.1,127.0.0.2,127.0.0.3",
                    "REDIS_SENTINEL_PORT": str(port)}

    def sentinel(self, *words):
        done = subprocess.run(["redis-cli", "-p", str(self.watchers[0].port), *words], stdout=subprocess.PIPE, text=True, timeout=5)
        return done.stdout

    def masters(self):
        return [node for node in self.nodes if node.alive() and "role:master" in node.cli("INFO", "replication")]

    def stop(self):
        super().stop()
        for watcher in self.watchers:
            watcher.kill()


class Cluster(Standalone):
    """Three masters with a replica each."""

    def __init__(self, scratch):
        options = ("--cluster-enabled", "yes", "--cluster-node-timeout", "1000")
        self.nodes = [RedisNode(f"redis-{nth}", scratch, *options, "--cluster-config-file", f"nodes-{nth}.conf") for nth in range(6)]
        addresses = [f"127.0.0.1:{node.port}" for node in self.nodes]
        subprocess.run(["redis-cli", "--cluster", "create", *addresses, "--cluster-replicas", "1", "--cluster-yes"],
                       check=True, stdout=subprocess.DEVNULL)
        wait_for("the cluster", lambda: all("cluster_state:ok" in node.cli("CLUSTER", "INFO") for node in self.nodes))
        self.env = {"REDIS_URL": f"redis://127.0.0.1:{self.nodes[0].port}/0", "REDIS_CLUSTER": "true"}

    masters = Sentinel.masters


MODES = {"standalone": Standalone, "sentinel": Sentinel, "cluster": Cluster}


class Keelson(Process):
    """One instance; `url` answers when it is ready."""

    def __init__(self, name, binary, scratch, env):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        folder = pathlib.Path(scratch, name)
        folder.mkdir(exist_ok=True)
        self.again = (name, binary, scratch, env)
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("REDIS", "WEBSOCKET", "DATABASE"))}
        super().__init__(name, [binary, "serve"], scratch, {
            **clean, "HOST": "127.0.0.1", "PORT": str(self.port), "DATA_DIR": str(folder), "WEBUI_SECRET_KEY": "fleet-secret",
            "ENABLE_OLLAMA_API": "False", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", **env})
        wait_for(name, self.ready, 60)

    def ready(self):
        if not self.alive():
            raise RuntimeError(f"{self.name} ended: see {self.log}")
        with OPENER.open(f"{self.url}/ready", timeout=5) as answer:
            return answer.status == 200


class Reference(Keelson):
    """An instance of Open WebUI itself."""

    def __init__(self, name, program, scratch, env):
        self.program = program
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        folder = pathlib.Path(scratch, name)
        folder.mkdir(exist_ok=True)
        Process.__init__(self, name, [program, "serve", "--host", "127.0.0.1", "--port", self.port], scratch, {
            **os.environ, "DATA_DIR": str(folder), "WEBUI_SECRET_KEY": "fleet-secret", "ENABLE_OLLAMA_API": "False",
            "OFFLINE_MODE": "True", "HF_HUB_OFFLINE": "1", "RAG_EMBEDDING_ENGINE": "openai", "ANONYMIZED_TELEMETRY": "False",
            "DO_NOT_TRACK": "true", "SCARF_NO_ANALYTICS": "true", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", **env})
        wait_for(name, self.healthy, 180)

    def healthy(self):
        with OPENER.open(f"{self.url}/health", timeout=5) as answer:
            return answer.status == 200


class RoundRobin(Process):
    """nginx in front of some instances: strictly one after the other, whoever asks."""

    def __init__(self, scratch, instances):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        conf = pathlib.Path(scratch, "nginx.conf")
        temp = "".join(f"{kind}_temp_path {scratch}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        servers = "".join(f"server 127.0.0.1:{one.port} max_fails=1 fail_timeout=2s; " for one in instances)
        conf.write_text(f"""daemon off; worker_processes 1; pid {scratch}/nginx.pid; error_log {scratch}/nginx.log;
events {{ worker_connections 8192; }}
http {{ {temp} access_log off; upstream fleet {{ {servers} }}
  map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
  server {{ listen 127.0.0.1:{self.port}; location / {{ proxy_pass http://fleet; proxy_http_version 1.1; proxy_buffering off;
    proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade; proxy_set_header Host $http_host;
    proxy_next_upstream error timeout; proxy_read_timeout 300s; }} }} }}
""")
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        super().__init__("nginx", [program, "-c", conf, "-p", scratch], scratch)
        wait_for("nginx", lambda: socket.create_connection(("127.0.0.1", self.port), 1).close() is None)


class Provider(Process):
    """Streams `tokens=N rate=R`, as the last message of a request asks."""

    def __init__(self, scratch, load):
        self.port = free_port()
        super().__init__("provider", [load, "upstream", self.port], scratch)
        wait_for("the provider", lambda: socket.create_connection(("127.0.0.1", self.port), 1).close() is None)
        self.env = {"OPENAI_API_BASE_URLS": f"http://127.0.0.1:{self.port}/v1", "OPENAI_API_KEYS": "sk-fleet"}


class DelayProxy:
    """A TCP proxy in front of a Redis that delays every answer."""

    def __init__(self, to, delay):
        self.to, self.delay, self.port = to, delay, free_port()

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_):
        self.server.close()

    async def serve(self, reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", self.to)
        await asyncio.gather(self.copy(reader, back, 0), self.copy(there, writer, self.delay), return_exceptions=True)

    async def copy(self, reader, writer, delay):
        """Each chunk arrives `delay` later; chunks do not wait for each other."""
        delayed = asyncio.Queue()

        async def deliver():
            while True:
                due, chunk = await delayed.get()
                await asyncio.sleep(max(0, due - time.monotonic()))
                writer.write(chunk)
                await writer.drain()

        delivery = asyncio.create_task(deliver())
        try:
            while chunk := await reader.read(65536):
                delayed.put_nowait((time.monotonic() + delay, chunk))
        finally:
            delivery.cancel()
            writer.close()


class Deployment:
    """A scratch folder and the processes that were started in it."""

    def __init__(self, args):
        self.args, self.started = args, []
        self.scratch = tempfile.mkdtemp(prefix="keelson-fleet-")

    def add(self, process):
        self.started.append(process)
        return process

    def start(self, count, redis="standalone", env=None, redis_env=None):
        """Starts PostgreSQL, a provider, a Redis in this mode and `count` instances."""
        self.postgres = self.add(Postgres(self.scratch))
        self.provider = self.add(Provider(self.scratch, self.args.load))
        self.redis = self.add(MODES[redis](self.scratch)) if redis else None
        self.env = {"DATABASE_URL": self.postgres.url, "DATABASE_POOL_SIZE": "10", **self.provider.env,
                    **(self.redis.env if self.redis else {}), "WEBSOCKET_MANAGER": "redis" if self.redis else "", **(redis_env or {}), **(env or {})}
        if self.redis and "REDIS_URL" in self.env:
            self.env["WEBSOCKET_REDIS_URL"] = self.env["REDIS_URL"]
        self.instances = [self.instance(chr(ord("a") + nth)) for nth in range(count)]
        return self.instances

    def instance(self, name, env=None):
        return self.add(Keelson(name, self.args.keelson, self.scratch, {**self.env, **(env or {})}))

    def close(self):
        for process in reversed(self.started):
            process.stop()
        if not self.args.keep:
            shutil.rmtree(self.scratch, ignore_errors=True)
