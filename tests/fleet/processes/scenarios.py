"""What several instances must do, one function a scenario. Each yields (what, value, whether that is as required)."""
import asyncio, collections, contextlib, json, re, statistics, time

from users import UnexpectedAnswer, User, add_users, create_users, displayed_text, is_done, of_chat, quantile
from servers import OPENER, DelayProxy, Reference, RoundRobin

OPEN = {"BYPASS_MODEL_ACCESS_CONTROL": "true"}


async def eventually(what, holds, seconds=30, pause=0.05):
    """Waits until `holds` returns something true; returns the seconds it took."""
    started = time.monotonic()
    while True:
        with contextlib.suppress(UnexpectedAnswer, OSError, asyncio.TimeoutError):
            if await holds():
                return time.monotonic() - started
        if time.monotonic() - started > seconds:
            raise UnexpectedAnswer(f"{what}: not within {seconds} s")
        await asyncio.sleep(pause)


async def as_one(deployment, http, args):
    """Three instances behind a round-robin proxy, no stickiness: sign in, change a setting, chat on one while stop comes
    through another, list tasks on the third."""
    a, b, c = deployment.start(3, env=OPEN)
    proxy = deployment.add(RoundRobin(deployment.scratch, [a, b, c]))
    admin, users = await create_users(http, proxy.url, max(8, args.rounds // 12))
    delays, errors, stops = [], [], []
    every = lambda nth: [a, b, c][nth % 3]

    async def change_setting(nth):
        value = f"7{nth % 1000:03}h"
        started = time.monotonic()
        config = await admin.call("GET", f"{proxy.url}/api/v1/auths/admin/config")
        await admin.call("POST", f"{proxy.url}/api/v1/auths/admin/config", {**config, "JWT_EXPIRES_IN": value})
        saved = time.monotonic()
        async def is_changed(instance):
            return (await admin.call("GET", f"{instance.url}/api/v1/auths/admin/config"))["JWT_EXPIRES_IN"] == value
        for instance in (a, b, c):
            await eventually("a setting on all instances", lambda: is_changed(instance), 5, 0.002)
        delays.append(time.monotonic() - saved)

    async def use_instances(nth):
        user, where = users[nth % len(users)], every(nth)
        await user.sign_in(proxy.url)
        user.events.clear()
        await user.connect(where.url)
        chat = await user.new_chat(proxy.url)
        task = await user.ask(where.url, chat, 4000, 50)
        await user.wait_for_event(of_chat(chat, "chat:completion"))
        listed = await user.call("GET", f"{every(nth + 2).url}/api/tasks/chat/{chat['chat']}")
        if task not in listed["task_ids"]:
            raise UnexpectedAnswer(f"the task is not listed by another instance: {listed}")
        everything = await admin.call("GET", f"{every(nth + 1).url}/api/tasks")
        if task not in everything["tasks"]:
            raise UnexpectedAnswer("the task is not in the admin's list")
        started = time.monotonic()
        await user.call("POST", f"{every(nth + 1).url}/api/tasks/stop/{task}")
        await user.wait_for_event(of_chat(chat, "chat:tasks:cancel"))
        stops.append(time.monotonic() - started)
        async def is_gone():
            return not (await user.call("GET", f"{every(nth + 2).url}/api/tasks/chat/{chat['chat']}"))["task_ids"]
        await eventually("the task is gone", is_gone, 5, 0.02)
        await user.disconnect()

    async def work(numbers, worker):
        for nth in numbers:
            try:
                await use_instances(nth)
                if nth % 4 == 0 and worker == 0:
                    await change_setting(nth)
            except (UnexpectedAnswer, OSError, KeyError, asyncio.TimeoutError) as error:
                errors.append(f"{nth}: {error!r}")

    # Each worker has its own users, so that no user does two things at once.
    workers = 4
    await asyncio.gather(*(work([n for n in range(args.rounds) if n % len(users) % workers == k], k) for k in range(workers)))
    yield "rounds", args.rounds, True
    yield "errors", len(errors) or 0, not errors
    for error in errors[:5]:
        yield "error", error, False
    yield "setting changed on all instances, p99", f"{quantile(delays, .99) * 1000:.0f} ms of {len(delays)}", quantile(delays, .99) <= .2
    yield "stopped through another instance, p99", f"{quantile(stops, .99) * 1000:.0f} ms", quantile(stops, .99) <= 1


async def death(deployment, http, args):
    """kill -9 of one instance during 50 streams: the others continue; its tasks are removed with its lease; its users
    reconnect and find what had been streamed."""
    a, b, c = deployment.start(3, env=OPEN)
    admin, users = await create_users(http, a.url, args.streams // 2)
    connected_to, chats, tasks = {}, {}, {}
    for nth, user in enumerate(users):
        connected_to[user] = [a, b, c][nth % 3]
        await user.connect(connected_to[user].url)
        chats[user] = await user.new_chat(connected_to[user].url)
    for user in users:
        tasks[user] = await user.ask(connected_to[user].url, chats[user], 300, 20)
    await asyncio.sleep(4)
    lost = [user for user in users if connected_to[user] is b]
    displayed = {user: displayed_text(user, chats[user]) for user in lost}
    b.kill()
    killed = time.monotonic()
    others = [user for user in users if connected_to[user] is not b]

    async def are_removed():
        listed = (await admin.call("GET", f"{a.url}/api/tasks"))["tasks"]
        return not any(tasks[user] in listed for user in lost)
    await eventually("tasks of the dead instance are removed", are_removed, 60)
    gone = time.monotonic() - killed
    short = []
    for user in lost:
        await user.disconnect()
        await user.connect(c.url)
        stored = await user.stored(c.url, chats[user])
        missing = len(displayed[user].split()) - len(stored.split())
        short.append(missing)
    async def are_done():
        return all(is_done(user, chats[user]) for user in others)
    await eventually("the others' answers", are_done, 60)
    complete = sum(displayed_text(user, chats[user]).split() == [f"tok{n}" for n in range(300)] for user in others)
    yield "streams", len(users), True
    yield "complete answers on the other instances", f"{complete} of {len(others)}", complete == len(others)
    yield "tasks of the dead instance removed after", f"{gone:.1f} s", gone <= 16
    yield "words displayed but not stored, at most", max(short), max(short) <= 21
    for user in users:
        await user.disconnect()


class Load:
    """Requests that continue while Redis fails."""

    def __init__(self, admin, users, instances, rate):
        self.admin, self.users, self.instances, self.rate = admin, users, instances, rate
        self.failed, self.waits, self.is_over, self.errors = [], [], False, []

    async def requests(self):
        paths = ["/api/config", "/api/v1/auths/", "/api/v1/chats/?page=1", "/api/models", "/api/tasks"]
        pending, nth = set(), 0
        started = time.monotonic()
        while not self.is_over:
            nth += 1
            user, where = self.users[nth % len(self.users)], self.instances[nth % len(self.instances)]
            path = paths[nth % len(paths)]
            caller = self.admin if path == "/api/tasks" else user
            task = asyncio.create_task(self.request(caller, where.url + path))
            pending.add(task)
            task.add_done_callback(pending.discard)
            await asyncio.sleep(max(0, started + nth / self.rate - time.monotonic()))
        await asyncio.gather(*pending)

    async def request(self, user, url):
        started = time.monotonic()
        try:
            await user.call("GET", url, timeout=10)
        except Exception as error:
            self.failed.append(f"{url}: {error!r}")
        self.waits.append((started, time.monotonic() - started))


async def redis_faults(deployment, http, args):
    """Redis is paused, restarted and failed over, under streams and requests."""
    mode = args.redis
    instances = deployment.start(3, redis=mode, env=OPEN)
    admin, users = await create_users(http, instances[0].url, args.streams)
    connected_to = {user: instances[nth % 3] for nth, user in enumerate(users)}
    for user in users:
        await user.connect(connected_to[user].url)
    faults = {"standalone": ["paused", "restarted empty"], "sentinel": ["paused", "master killed"],
              "cluster": ["paused", "master killed"]}[mode]
    for fault in faults:
        async for line in one_fault(deployment, admin, users, connected_to, instances, fault):
            yield line
    for user in users:
        await user.disconnect()


async def one_fault(deployment, admin, users, connected_to, instances, fault):
    chats = {}
    for user in users:
        user.events.clear()
        chats[user] = await user.new_chat(connected_to[user].url)
    # For half of the users another instance answers than the one they are connected to: every event crosses Redis.
    answered_by = {user: instances[(instances.index(connected_to[user]) + nth % 2) % 3] for nth, user in enumerate(users)}
    before = clients(deployment)
    for user in users:
        await user.ask(answered_by[user].url, chats[user], 200, 10)
    load = Load(admin, users, instances, 200)
    requests = asyncio.create_task(load.requests())
    await asyncio.sleep(3)
    victim = deployment.redis.masters()[0]
    if fault == "paused":
        victim.pause()
        await asyncio.sleep(6)
        victim.resume()
        back = time.monotonic()
    elif fault == "restarted empty":
        victim.kill()
        await asyncio.sleep(1)
        deployment.redis.nodes[deployment.redis.nodes.index(victim)] = victim.restarted()
        back = time.monotonic()
    else:
        victim.kill()
        async def is_promoted():
            return len(deployment.redis.masters()) >= (3 if len(deployment.redis.nodes) == 6 else 1)
        await eventually("a new master", is_promoted, 30)
        back = time.monotonic()
    async def are_healthy():
        states = [json.loads(await ready(instance)) for instance in instances]
        return all(not state.get("degraded") for state in states)
    await eventually("all instances are healthy again", are_healthy, 60)
    recovery = time.monotonic() - back
    crossing = await measure_crossing(users, connected_to, instances)
    async def are_done():
        return all(is_done(user, chats[user]) for user in users)
    stalled = 0
    try:
        await eventually("every answer is complete", are_done, 60)
    except UnexpectedAnswer:
        stalled = sum(not is_done(user, chats[user]) for user in users)
    load.is_over = True
    await requests
    stored = 0
    for user in users:
        stored += (await user.stored(connected_to[user].url, chats[user])).split() == [f"tok{n}" for n in range(200)]
    displayed = sum(displayed_text(user, chats[user]).split() == [f"tok{n}" for n in range(200)] for user in users)
    waits = [wait for _, wait in load.waits]
    yield f"{fault}: requests", f"{len(load.waits)}, failed {len(load.failed)}", not load.failed
    for failure in load.failed[:3]:
        yield f"{fault}: failure", failure, False
    yield f"{fault}: slowest request, p99", f"{max(waits) * 1000:.0f} ms, {quantile(waits, .99) * 1000:.0f} ms", max(waits) < 5
    yield f"{fault}: answers complete in the database", f"{stored} of {len(users)}", stored == len(users)
    yield f"{fault}: answers complete on the client", f"{displayed} of {len(users)} (stalled {stalled})", displayed == len(users)
    yield f"{fault}: healthy again after", f"{recovery:.1f} s", recovery < 5
    # A master that resumes after another was elected acts as one until Sentinel demotes it, up to ten seconds later;
    # instances leave it before, unless the sentinels themselves do not agree yet.
    limit = 15 if (deployment.args.redis, fault) == ("sentinel", "paused") else 5
    yield f"{fault}: an event crosses instances again after", f"{crossing:.2f} s", crossing < limit
    after = clients(deployment)
    yield f"{fault}: connections to Redis", f"{before} before, {after} after", after <= before + 3 or fault == "master killed"


async def ready(instance):
    return await asyncio.to_thread(lambda: OPENER.open(f"{instance.url}/ready", timeout=5).read())


def clients(deployment):
    return sum(len(node.cli("CLIENT", "LIST", "TYPE", "normal").splitlines()) + len(node.cli("CLIENT", "LIST", "TYPE", "pubsub").splitlines())
               for node in deployment.redis.masters())


async def measure_crossing(users, connected_to, instances):
    """Seconds until an answer of one instance reaches a client of another, in every direction."""
    started = time.monotonic()
    for nth, home in enumerate(instances):
        user = next(user for user in users if connected_to[user] is home)
        other = instances[(nth + 1) % len(instances)]
        async def is_received():
            chat = await user.new_chat(other.url)
            await user.ask(other.url, chat, 1, 50)
            await user.wait_for_event(of_chat(chat, "chat:completion"), 1)
            return True
        await eventually("an event crosses", is_received, 30)
    return time.monotonic() - started


async def latency(deployment, http, args):
    """A slow Redis delays no request; the hot path sends it no command."""
    p99 = {}
    deployment.start(0)
    node = deployment.redis.nodes[0]
    async with DelayProxy(node.port, 0.05) as proxy:
        for name, port in (("fast", node.port), ("50 ms slower", proxy.port)):
            url = f"redis://127.0.0.1:{port}/0"
            instance = deployment.instance(name.split()[0], {**OPEN, "REDIS_URL": url, "WEBSOCKET_REDIS_URL": url})
            if name == "fast":
                admin, users = await create_users(http, instance.url, 4)
            paths = ["/api/v1/auths/", "/api/v1/chats/?page=1", "/api/models", "/api/config"]
            waits = []
            for nth in range(args.rounds * 4 + 40):
                started = time.monotonic()
                await users[nth % 4].call("GET", instance.url + paths[nth % 4])
                if nth >= 40:
                    waits.append(time.monotonic() - started)
            p99[name] = quantile(waits, .99)
            if name == "fast":
                monitored = await monitor(node, lambda: read(users, instance, paths))
                streamed = await monitor(node, lambda: stream(users[0], instance))
            instance.stop()
    yield "request latency p99, fast Redis", f"{p99['fast'] * 1000:.2f} ms", True
    slow = p99["50 ms slower"]
    yield "request latency p99, slow Redis", f"{slow * 1000:.2f} ms", slow <= p99["fast"] * 1.1 + .0005
    yield "Redis commands in 200 authenticated reads", sum(monitored.values()), not monitored
    yield "Redis commands while 200 tokens are relayed directly", dict(streamed[0]) or 0, not streamed[0]
    extra = {name: count for name, count in streamed[1].items() if name != "publish"}
    yield "Redis commands while 200 tokens are sent to a client", dict(streamed[1]), not extra


async def read(users, instance, paths):
    for nth in range(200):
        await users[nth % 4].call("GET", instance.url + paths[nth % 4])


async def monitor(node, work):
    """The commands that reach Redis during `work`, without those of the heartbeat."""
    process = await asyncio.create_subprocess_exec("redis-cli", "-p", str(node.port), "MONITOR", stdout=asyncio.subprocess.PIPE)
    lines = []

    async def read_lines():
        async for line in process.stdout:
            lines.append(line.decode())

    reading = asyncio.create_task(read_lines())
    await asyncio.sleep(.3)
    lines.clear()
    found = await work()
    await asyncio.sleep(.1)
    if found is None:
        found = count(lines)
    process.kill()
    await process.wait()
    await reading
    if isinstance(found, tuple):
        return found[0](lines), found[1](lines)
    return found


def count(lines, since=None, until=None):
    """Commands by name, without the heartbeat and cleanup of the instance itself."""
    own = re.compile(r'keelson:instance|cleanup_lock|"ping"|keelson:connections|"client" |"hgetall" "[^"]*(usage_pool|:tasks)"|"eval".*usage_pool', re.I)
    names = collections.Counter()
    for line in lines:
        found = re.match(r'^([\d.]+) \[.*?\] "(\w+)"', line)
        if found and not own.search(line) and (since is None or since <= float(found[1]) <= until):
            names[found[2].lower()] += 1
    return names


async def stream(user, instance):
    await user.connect(instance.url)
    chat = await user.new_chat(instance.url)
    await asyncio.sleep(.5)
    direct = time.time()
    prompt = [{"role": "user", "content": "tokens=200 rate=100"}]
    await user.call("POST", f"{instance.url}/api/chat/completions", {"model": "load", "stream": True, "messages": prompt})
    relayed = time.time()
    await user.ask(instance.url, chat, 200, 50)
    await user.wait_for_event(of_chat(chat, "chat:completion"))
    started = time.time()
    await asyncio.sleep(3)
    ended = time.time()
    await user.wait_for_event(lambda *_: is_done(user, chat))
    await user.disconnect()
    return (lambda lines: count(lines, direct, relayed)), (lambda lines: count(lines, started, ended))


async def sign_out(deployment, http, args):
    """A token revoked on one instance is refused on every other at once, and also while Redis is down."""
    a, b, c = deployment.start(3)
    admin, users = await create_users(http, a.url, args.rounds // 10 + 4)
    late, delays = 0, []
    for nth, user in enumerate(users):
        here, there = [a, b, c][nth % 3], [a, b, c][(nth + 1) % 3]
        await user.call("GET", f"{there.url}/api/v1/auths/")
        await user.call("GET", f"{here.url}/api/v1/auths/signout")
        started = time.monotonic()
        first = await user.status("GET", f"{there.url}/api/v1/auths/")
        late += first != 401
        async def is_refused():
            return await user.status("GET", f"{there.url}/api/v1/auths/") == 401
        await eventually("a revoked token is refused", is_refused, 5, .001)
        delays.append(time.monotonic() - started)
    yield "signed out", len(users), True
    yield "refused by other instances within, p99", f"{quantile(delays, .99) * 1000:.0f} ms (first request accepted: {late})", quantile(delays, .99) < .1
    node = deployment.redis.nodes[0]
    user = (await add_users(http, a.url, admin, 1))[0]
    node.pause()
    started = time.monotonic()
    await user.call("GET", f"{a.url}/api/v1/auths/signout")
    took = time.monotonic() - started
    status = await user.status("GET", f"{a.url}/api/v1/auths/")
    yield "signed out while Redis is down: then refused there", f"{status} (sign-out took {took * 1000:.0f} ms)", status == 401
    node.resume()
    async def is_refused_by_other():
        return await user.status("GET", f"{b.url}/api/v1/auths/") == 401
    yield "refused by other instances once Redis is back", f"{await eventually('refused by the other instance', is_refused_by_other, 30):.1f} s", True


async def mixed(deployment, http, args):
    """Keelson and the reference on one database and one Redis."""
    if not args.reference:
        yield "skipped: no --reference", "", True
        return
    (a,) = deployment.start(1, env={**OPEN, "ENABLE_FORWARD_USER_INFO_HEADERS": "False"})
    admin, users = await create_users(http, a.url, 2)
    reference = deployment.add(Reference("reference", args.reference, deployment.scratch, deployment.env))
    user = users[0]
    await user.call("GET", f"{reference.url}/api/v1/auths/")
    yield "a token of Keelson works on the reference", "yes", True
    await users[1].sign_in(reference.url)
    await users[1].call("GET", f"{a.url}/api/v1/auths/")
    yield "a token of the reference works on Keelson", "yes", True
    for here, there, who in ((a, reference, "Keelson"), (reference, a, "the reference")):
        value = f"{len(who)}h"
        config = await admin.call("GET", f"{here.url}/api/v1/auths/admin/config")
        await admin.call("POST", f"{here.url}/api/v1/auths/admin/config", {**config, "JWT_EXPIRES_IN": value})
        async def is_changed():
            return (await admin.call("GET", f"{there.url}/api/v1/auths/admin/config"))["JWT_EXPIRES_IN"] == value
        yield f"a setting changed on {who} is changed on the other", f"{await eventually('the setting', is_changed, 10) * 1000:.0f} ms", True
    # An answer of each reaches a client of the other; a stop sent through each ends the other's task.
    for here, there, who in ((a, reference, "Keelson"), (reference, a, "the reference")):
        user.events.clear()
        await user.call("GET", f"{here.url}/api/models")
        await user.connect(there.url)
        chat = await user.new_chat(here.url)
        task = await user.ask(here.url, chat, 2000, 50)
        await user.wait_for_event(of_chat(chat, "chat:completion"))
        yield f"an event of {who} reaches a client of the other", "yes", True
        listed = await user.call("GET", f"{there.url}/api/tasks/chat/{chat['chat']}")
        yield f"a task of {who} is listed by the other", "yes" if task in listed["task_ids"] else f"no: {listed}", task in listed["task_ids"]
        started = time.monotonic()
        await admin.call("POST", f"{there.url}/api/tasks/stop/{task}")
        await user.wait_for_event(of_chat(chat, "chat:tasks:cancel"))
        yield f"a stop through the other ends a task of {who}", f"{(time.monotonic() - started) * 1000:.0f} ms", True
        await user.disconnect()
    out = (await add_users(http, a.url, admin, 1))[0]
    await out.call("GET", f"{reference.url}/api/v1/auths/signout")
    async def is_refused():
        return await out.status("GET", f"{a.url}/api/v1/auths/") == 401
    yield "signed out on the reference: refused by Keelson", f"{await eventually('refused', is_refused, 5) * 1000:.0f} ms", True
    out = (await add_users(http, a.url, admin, 1))[0]
    await out.call("GET", f"{a.url}/api/v1/auths/signout")
    status = await out.status("GET", f"{reference.url}/api/v1/auths/")
    yield "signed out on Keelson: refused by the reference", str(status), status == 401


SCENARIOS = {"as-one": as_one, "death": death, "redis-faults": redis_faults, "latency": latency, "sign-out": sign_out, "mixed": mixed}
