// The server under test as a child process, on a free port, with a data folder of its own.

import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Where pictures and logs of this run go; kept, and printed. */
export const artefacts = process.env.E2E_ARTEFACTS ?? (await mkdtemp(path.join(os.tmpdir(), 'keelson-e2e-')));

/**
 * Starts $E2E_SERVER (a shell command that reads HOST, PORT and DATA_DIR) and waits until it is healthy.
 * `env` adds to the environment. Returns { url, dataDir, restart, kill, stop }.
 */
export async function startServer(name, env = {}, { dataDir, port } = {}) {
  const command = process.env.E2E_SERVER;
  if (!command) throw new Error('E2E_SERVER says which server to start: make e2e sets it');
  dataDir ??= await mkdtemp(path.join(os.tmpdir(), `keelson-e2e-${name}-`));
  port ??= await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = createWriteStream(path.join(artefacts, `${name}.log`), { flags: 'a' });
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(port), DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  await healthy(url, child);
  const end = async (signal) => {
    child.kill(signal);
    await gone;
  };
  return {
    url,
    dataDir,
    pid: child.pid,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    restart: () => startServer(name, env, { dataDir, port }),
  };
}

async function healthy(url, child) {
  const deadline = Date.now() + 180_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}; see ${artefacts}`);
    const ok = await fetch(`${url}/health`).then((answer) => answer.ok, () => false);
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server is not healthy after 180 s; see ${artefacts}`);
}
