"""What a fleet must do, one function a point. Each yields (what, value, whether that is right)."""
import asyncio, collections, contextlib, json, re, statistics, time

from people import Person, Wrong, crowd, is_done, more, of_chat, quantile, shown
from servers import OPENER, Reference, RoundRobin, SlowLine

OPEN = {"BYPASS_MODEL_ACCESS_CONTROL": "true"}


async def eventually(what, ask, seconds=30, pause=0.05):
    """Seconds until `ask` answers something true."""
    begun = time.monotonic()
    while True:
        with contextlib.suppress(Wrong, OSError, asyncio.TimeoutError):
            if await ask():
                return time.monotonic() - begun
        if time.monotonic() - begun > seconds:
            raise Wrong(f"{what}: not within {seconds} s")
        await asyncio.sleep(pause)


async def as_one(house, http, args):
    """Three instances behind a round-robin proxy, no stickiness: sign in, change a setting, chat on one while stop comes
    through another, list tasks on the third."""
    a, b, c = house.fleet(3, env=OPEN)
    proxy = house.add(RoundRobin(house.scratch, [a, b, c]))
    admin, people = await crowd(http, proxy.url, max(8, args.rounds // 12))
    spread, errors, stops = [], [], []
    every = lambda nth: [a, b, c][nth % 3]

    async def setting(nth):
        value = f"7{nth % 1000:03}h"
        begun = time.monotonic()
        config = await admin.call("GET", f"{proxy.url}/api/v1/auths/admin/config")
        await admin.call("POST", f"{proxy.url}/api/v1/auths/admin/config", {**config, "JWT_EXPIRES_IN": value})
        saved = time.monotonic()
        async def seen(one):
            return (await admin.call("GET", f"{one.url}/api/v1/auths/admin/config"))["JWT_EXPIRES_IN"] == value
        for one in (a, b, c):
            await eventually("a setting on all instances", lambda: seen(one), 5, 0.002)
        spread.append(time.monotonic() - saved)

    async def journey(nth):
        person, where = people[nth % len(people)], every(nth)
        await person.sign_in(proxy.url)
        person.events.clear()
        await person.open_page(where.url)
        chat = await person.new_chat(proxy.url)
        task = await person.ask(where.url, chat, 4000, 50)
        await person.hears(of_chat(chat, "chat:completion"))
        listed = await person.call("GET", f"{every(nth + 2).url}/api/tasks/chat/{chat['chat']}")
        if task not in listed["task_ids"]:
            raise Wrong(f"the task is not listed elsewhere: {listed}")
        everything = await admin.call("GET", f"{every(nth + 1).url}/api/tasks")
        if task not in everything["tasks"]:
            raise Wrong("the task is not in the list of all")
        begun = time.monotonic()
        await person.call("POST", f"{every(nth + 1).url}/api/tasks/stop/{task}")
        await person.hears(of_chat(chat, "chat:tasks:cancel"))
        stops.append(time.monotonic() - begun)
        async def gone():
            return not (await person.call("GET", f"{every(nth + 2).url}/api/tasks/chat/{chat['chat']}"))["task_ids"]
        await eventually("the task is gone", gone, 5, 0.02)
        await person.close_page()

    async def lane(numbers, person_lane):
        for nth in numbers:
            try:
                await journey(nth)
                if nth % 4 == 0 and person_lane == 0:
                    await setting(nth)
            except (Wrong, OSError, KeyError, asyncio.TimeoutError) as error:
                errors.append(f"{nth}: {error!r}")

    # Each lane has people of its own, so that nobody is two at once.
    lanes = 4
    await asyncio.gather(*(lane([n for n in range(args.rounds) if n % len(people) % lanes == k], k) for k in range(lanes)))
    yield "rounds", args.rounds, True
    yield "errors", len(errors) or 0, not errors
    for error in errors[:5]:
        yield "error", error, False
    yield "setting seen everywhere, p99", f"{quantile(spread, .99) * 1000:.0f} ms of {len(spread)}", quantile(spread, .99) <= .2
    yield "stopped through another instance, p99", f"{quantile(stops, .99) * 1000:.0f} ms", quantile(stops, .99) <= 1


async def death(house, http, args):
    """kill -9 of one instance during 50 streams: the others go on; its tasks disappear within the lease; its users
    reconnect and find what had been streamed."""
    a, b, c = house.fleet(3, env=OPEN)
    admin, people = await crowd(http, a.url, args.streams // 2)
    homes, chats, tasks = {}, {}, {}
    for nth, person in enumerate(people):
        homes[person] = [a, b, c][nth % 3]
        await person.open_page(homes[person].url)
        chats[person] = await person.new_chat(homes[person].url)
    for person in people:
        tasks[person] = await person.ask(homes[person].url, chats[person], 300, 20)
    await asyncio.sleep(4)
    lost = [person for person in people if homes[person] is b]
    seen = {person: shown(person, chats[person]) for person in lost}
    b.kill()
    killed = time.monotonic()
    others = [person for person in people if homes[person] is not b]

    async def forgotten():
        listed = (await admin.call("GET", f"{a.url}/api/tasks"))["tasks"]
        return not any(tasks[person] in listed for person in lost)
    await eventually("tasks of the dead instance are gone", forgotten, 60)
    gone = time.monotonic() - killed
    short = []
    for person in lost:
        await person.close_page()
        await person.open_page(c.url)
        kept = await person.stored(c.url, chats[person])
        missing = len(seen[person].split()) - len(kept.split())
        short.append(missing)
    async def finished():
        return all(is_done(person, chats[person]) for person in others)
    await eventually("the others' answers", finished, 60)
    whole = sum(shown(person, chats[person]).split() == [f"tok{n}" for n in range(300)] for person in others)
    yield "streams", len(people), True
    yield "whole answers on the other instances", f"{whole} of {len(others)}", whole == len(others)
    yield "tasks of the dead instance gone after", f"{gone:.1f} s", gone <= 16
    yield "words shown but not stored, at most", max(short), max(short) <= 21
    for person in people:
        await person.close_page()


class Load:
    """Streams and requests that go on while something happens to Redis."""

    def __init__(self, admin, people, instances, rate):
        self.admin, self.people, self.instances, self.rate = admin, people, instances, rate
        self.failed, self.waits, self.over, self.errors = [], [], False, []

    async def requests(self):
        paths = ["/api/config", "/api/v1/auths/", "/api/v1/chats/?page=1", "/api/models", "/api/tasks"]
        pending, nth = set(), 0
        begun = time.monotonic()
        while not self.over:
            nth += 1
            person, where = self.people[nth % len(self.people)], self.instances[nth % len(self.instances)]
            path = paths[nth % len(paths)]
            caller = self.admin if path == "/api/tasks" else person
            task = asyncio.create_task(self.one(caller, where.url + path))
            pending.add(task)
            task.add_done_callback(pending.discard)
            await asyncio.sleep(max(0, begun + nth / self.rate - time.monotonic()))
        await asyncio.gather(*pending)

    async def one(self, person, url):
        begun = time.monotonic()
        try:
            await person.call("GET", url, timeout=10)
        except Exception as error:
            self.failed.append(f"{url}: {error!r}")
        self.waits.append((begun, time.monotonic() - begun))


async def redis_faults(house, http, args):
    """Redis dies in every way there is, under streams and requests."""
    mode = args.redis
    instances = house.fleet(3, redis=mode, env=OPEN)
    admin, people = await crowd(http, instances[0].url, args.streams)
    homes = {person: instances[nth % 3] for nth, person in enumerate(people)}
    for person in people:
        await person.open_page(homes[person].url)
    faults = {"standalone": ["frozen", "restarted empty"], "sentinel": ["frozen", "master killed"],
              "cluster": ["frozen", "master killed"]}[mode]
    for fault in faults:
        async for line in one_fault(house, admin, people, homes, instances, fault):
            yield line
    for person in people:
        await person.close_page()


async def one_fault(house, admin, people, homes, instances, fault):
    chats = {}
    for person in people:
        person.events.clear()
        chats[person] = await person.new_chat(homes[person].url)
    # The one who answers is not the one who holds the page: every event crosses Redis, for half of the people.
    asked = {person: instances[(instances.index(homes[person]) + nth % 2) % 3] for nth, person in enumerate(people)}
    before = clients(house)
    for person in people:
        await person.ask(asked[person].url, chats[person], 200, 10)
    load = Load(admin, people, instances, 200)
    requests = asyncio.create_task(load.requests())
    await asyncio.sleep(3)
    victim = house.redis.masters()[0]
    struck = time.monotonic()
    if fault == "frozen":
        victim.freeze()
        await asyncio.sleep(6)
        victim.thaw()
        back = time.monotonic()
    elif fault == "restarted empty":
        victim.kill()
        await asyncio.sleep(1)
        house.redis.nodes[house.redis.nodes.index(victim)] = victim.restarted()
        back = time.monotonic()
    else:
        victim.kill()
        async def master():
            return len(house.redis.masters()) >= (3 if len(house.redis.nodes) == 6 else 1)
        await eventually("a new master", master, 30)
        back = time.monotonic()
    async def healthy():
        states = [json.loads(await ready(one)) for one in instances]
        return all(not state.get("degraded") for state in states)
    await eventually("all instances are whole again", healthy, 60)
    healed = time.monotonic() - back
    crossing = await crosses(people, homes, instances)
    async def finished():
        return all(is_done(person, chats[person]) for person in people)
    stalled = 0
    try:
        await eventually("every answer is complete", finished, 60)
    except Wrong:
        stalled = sum(not is_done(person, chats[person]) for person in people)
    load.over = True
    await requests
    stored = 0
    for person in people:
        stored += (await person.stored(homes[person].url, chats[person])).split() == [f"tok{n}" for n in range(200)]
    screens = sum(shown(person, chats[person]).split() == [f"tok{n}" for n in range(200)] for person in people)
    waits = [wait for _, wait in load.waits]
    yield f"{fault}: requests", f"{len(load.waits)}, failed {len(load.failed)}", not load.failed
    for failure in load.failed[:3]:
        yield f"{fault}: failure", failure, False
    yield f"{fault}: slowest request, p99", f"{max(waits) * 1000:.0f} ms, {quantile(waits, .99) * 1000:.0f} ms", max(waits) < 5
    yield f"{fault}: answers complete in the database", f"{stored} of {len(people)}", stored == len(people)
    yield f"{fault}: answers complete on the page", f"{screens} of {len(people)} (stalled {stalled})", screens == len(people)
    yield f"{fault}: whole again after", f"{healed:.1f} s", healed < 5
    # A master that thaws after another was elected goes on as one until Sentinel demotes it, up to ten seconds later;
    # instances leave it before, unless the sentinels themselves do not agree yet.
    limit = 15 if (house.args.redis, fault) == ("sentinel", "frozen") else 5
    yield f"{fault}: an event crosses instances again after", f"{crossing:.2f} s", crossing < limit
    after = clients(house)
    yield f"{fault}: connections to Redis", f"{before} before, {after} after", after <= before + 3 or fault == "master killed"


async def ready(one):
    return await asyncio.to_thread(lambda: OPENER.open(f"{one.url}/ready", timeout=5).read())


def clients(house):
    return sum(len(node.cli("CLIENT", "LIST", "TYPE", "normal").splitlines()) + len(node.cli("CLIENT", "LIST", "TYPE", "pubsub").splitlines())
               for node in house.redis.masters())


async def crosses(people, homes, instances):
    """Seconds until an answer that one instance makes reaches a page on another, in every direction."""
    begun = time.monotonic()
    for nth, home in enumerate(instances):
        person = next(one for one in people if homes[one] is home)
        elsewhere = instances[(nth + 1) % len(instances)]
        async def heard():
            chat = await person.new_chat(elsewhere.url)
            await person.ask(elsewhere.url, chat, 1, 50)
            await person.hears(of_chat(chat, "chat:completion"), 1)
            return True
        await eventually("an event crosses", heard, 30)
    return time.monotonic() - begun


async def latency(house, http, args):
    """A slow Redis slows no request; the hot path asks it nothing."""
    figures = {}
    house.fleet(0)
    node = house.redis.nodes[0]
    async with SlowLine(node.port, 0.05) as line:
        for name, port in (("fast", node.port), ("50 ms slower", line.port)):
            url = f"redis://127.0.0.1:{port}/0"
            one = house.instance(name.split()[0], {**OPEN, "REDIS_URL": url, "WEBSOCKET_REDIS_URL": url})
            if name == "fast":
                admin, people = await crowd(http, one.url, 4)
            paths = ["/api/v1/auths/", "/api/v1/chats/?page=1", "/api/models", "/api/config"]
            waits = []
            for nth in range(args.rounds * 4 + 40):
                begun = time.monotonic()
                await people[nth % 4].call("GET", one.url + paths[nth % 4])
                if nth >= 40:
                    waits.append(time.monotonic() - begun)
            figures[name] = quantile(waits, .99)
            if name == "fast":
                monitored = await monitor(node, lambda: hot(people, one, paths))
                streamed = await monitor(node, lambda: relayed(people[0], one))
            one.stop()
    yield "request latency p99, fast Redis", f"{figures['fast'] * 1000:.2f} ms", True
    slow = figures["50 ms slower"]
    yield "request latency p99, slow Redis", f"{slow * 1000:.2f} ms", slow <= figures["fast"] * 1.1 + .0005
    yield "Redis commands in 200 authenticated reads", sum(monitored.values()), not monitored
    yield "Redis commands while 200 tokens are relayed directly", dict(streamed[0]) or 0, not streamed[0]
    extra = {name: count for name, count in streamed[1].items() if name != "publish"}
    yield "Redis commands while 200 tokens are told to a page", dict(streamed[1]), not extra


async def hot(people, one, paths):
    for nth in range(200):
        await people[nth % 4].call("GET", one.url + paths[nth % 4])


async def monitor(node, work):
    """The commands that reach Redis while something is done, without the heartbeat's."""
    process = await asyncio.create_subprocess_exec("redis-cli", "-p", str(node.port), "MONITOR", stdout=asyncio.subprocess.PIPE)
    lines = []

    async def read():
        async for line in process.stdout:
            lines.append(line.decode())

    reading = asyncio.create_task(read())
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
    """Commands by name; heartbeats and clean-up of the instance itself do not belong to any request."""
    own = re.compile(r'keelson:instance|cleanup_lock|"ping"|keelson:pages|"client" |"hgetall" "[^"]*(usage_pool|:tasks)"|"eval".*usage_pool', re.I)
    names = collections.Counter()
    for line in lines:
        found = re.match(r'^([\d.]+) \[.*?\] "(\w+)"', line)
        if found and not own.search(line) and (since is None or since <= float(found[1]) <= until):
            names[found[2].lower()] += 1
    return names


async def relayed(person, one):
    await person.open_page(one.url)
    chat = await person.new_chat(one.url)
    await asyncio.sleep(.5)
    direct = time.time()
    prompt = [{"role": "user", "content": "tokens=200 rate=100"}]
    await person.call("POST", f"{one.url}/api/chat/completions", {"model": "load", "stream": True, "messages": prompt})
    told = time.time()
    await person.ask(one.url, chat, 200, 50)
    await person.hears(of_chat(chat, "chat:completion"))
    begun = time.time()
    await asyncio.sleep(3)
    ended = time.time()
    await person.hears(lambda *_: is_done(person, chat))
    await person.close_page()
    return (lambda lines: count(lines, direct, told)), (lambda lines: count(lines, begun, ended))


async def sign_out(house, http, args):
    """A token revoked on one instance is refused on every other at once, and also while Redis is down."""
    a, b, c = house.fleet(3)
    admin, people = await crowd(http, a.url, args.rounds // 10 + 4)
    late, delays = 0, []
    for nth, person in enumerate(people):
        here, there = [a, b, c][nth % 3], [a, b, c][(nth + 1) % 3]
        await person.call("GET", f"{there.url}/api/v1/auths/")
        await person.call("GET", f"{here.url}/api/v1/auths/signout")
        begun = time.monotonic()
        first = await person.status("GET", f"{there.url}/api/v1/auths/")
        late += first != 401
        async def refused():
            return await person.status("GET", f"{there.url}/api/v1/auths/") == 401
        await eventually("a revoked token is refused", refused, 5, .001)
        delays.append(time.monotonic() - begun)
    yield "signed out", len(people), True
    yield "refused elsewhere within, p99", f"{quantile(delays, .99) * 1000:.0f} ms (first try let in: {late})", quantile(delays, .99) < .1
    node = house.redis.nodes[0]
    one = (await more(http, a.url, admin, 1))[0]
    node.freeze()
    begun = time.monotonic()
    await one.call("GET", f"{a.url}/api/v1/auths/signout")
    took = time.monotonic() - begun
    status = await one.status("GET", f"{a.url}/api/v1/auths/")
    yield "signed out while Redis is down: then refused there", f"{status} (sign-out took {took * 1000:.0f} ms)", status == 401
    node.thaw()
    async def elsewhere():
        return await one.status("GET", f"{b.url}/api/v1/auths/") == 401
    yield "refused elsewhere once Redis is back", f"{await eventually('refused elsewhere', elsewhere, 30):.1f} s", True


async def mixed(house, http, args):
    """Keelson and the reference on one database and one Redis."""
    if not args.reference:
        yield "left out: no --reference", "", True
        return
    (a,) = house.fleet(1, env={**OPEN, "ENABLE_FORWARD_USER_INFO_HEADERS": "False"})
    admin, people = await crowd(http, a.url, 2)
    reference = house.add(Reference("reference", args.reference, house.scratch, house.env))
    person = people[0]
    await person.call("GET", f"{reference.url}/api/v1/auths/")
    yield "a token of Keelson works on the reference", "yes", True
    await people[1].sign_in(reference.url)
    await people[1].call("GET", f"{a.url}/api/v1/auths/")
    yield "a token of the reference works on Keelson", "yes", True
    for here, there, who in ((a, reference, "Keelson"), (reference, a, "the reference")):
        value = f"{len(who)}h"
        config = await admin.call("GET", f"{here.url}/api/v1/auths/admin/config")
        await admin.call("POST", f"{here.url}/api/v1/auths/admin/config", {**config, "JWT_EXPIRES_IN": value})
        async def seen():
            return (await admin.call("GET", f"{there.url}/api/v1/auths/admin/config"))["JWT_EXPIRES_IN"] == value
        yield f"a setting changed on {who} is seen on the other", f"{await eventually('the setting', seen, 10) * 1000:.0f} ms", True
    # An answer by each reaches a page on the other; a stop sent through each ends the other's task.
    for here, there, who in ((a, reference, "Keelson"), (reference, a, "the reference")):
        person.events.clear()
        await person.call("GET", f"{here.url}/api/models")
        await person.open_page(there.url)
        chat = await person.new_chat(here.url)
        task = await person.ask(here.url, chat, 2000, 50)
        await person.hears(of_chat(chat, "chat:completion"))
        yield f"an event of {who} reaches a page on the other", "yes", True
        listed = await person.call("GET", f"{there.url}/api/tasks/chat/{chat['chat']}")
        yield f"a task of {who} is listed by the other", "yes" if task in listed["task_ids"] else f"no: {listed}", task in listed["task_ids"]
        begun = time.monotonic()
        await admin.call("POST", f"{there.url}/api/tasks/stop/{task}")
        await person.hears(of_chat(chat, "chat:tasks:cancel"))
        yield f"a stop through the other ends a task of {who}", f"{(time.monotonic() - begun) * 1000:.0f} ms", True
        await person.close_page()
    out = (await more(http, a.url, admin, 1))[0]
    await out.call("GET", f"{reference.url}/api/v1/auths/signout")
    async def refused():
        return await out.status("GET", f"{a.url}/api/v1/auths/") == 401
    yield "signed out on the reference: refused by Keelson", f"{await eventually('refused', refused, 5) * 1000:.0f} ms", True
    out = (await more(http, a.url, admin, 1))[0]
    await out.call("GET", f"{a.url}/api/v1/auths/signout")
    status = await out.status("GET", f"{reference.url}/api/v1/auths/")
    yield "signed out on Keelson: refused by the reference", str(status), status == 401


ALL = {"as-one": as_one, "death": death, "redis-faults": redis_faults, "latency": latency, "sign-out": sign_out, "mixed": mixed}
