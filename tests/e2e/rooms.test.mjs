// Every page of the front end opens: no script on it throws, whatever of the server is not built yet.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, Visitor } from './browser.mjs';
import * as pages from './pages.mjs';
import { artefacts, startServer } from './server.mjs';
import { startUpstream } from './upstream.mjs';

const PAGES = [
  '/', '/workspace/models', '/workspace/knowledge', '/workspace/prompts', '/workspace/tools', '/workspace/models/create',
  '/workspace/prompts/create', '/notes', '/channels', '/playground', '/playground/completions', '/home',
  '/admin/users/overview', '/admin/users/groups', '/admin/evaluations/leaderboard', '/admin/evaluations/feedback', '/admin/functions',
  ...['general', 'connections', 'models', 'evaluations', 'tools', 'documents', 'web', 'code-execution', 'interface', 'audio',
    'images', 'pipelines', 'db'].map((tab) => `/admin/settings/${tab}`),
];

/** Pages that throw for want of what is not built yet, with the room that brings it. */
const THROWS = {
  '/admin/settings/audio': 'audio',
};

let upstream, server, browser, ada;

before(async () => {
  upstream = await startUpstream();
  server = await startServer('rooms', {
    ENABLE_OLLAMA_API: 'False',
    ENABLE_CHANNELS: 'True',
    OPENAI_API_BASE_URLS: upstream.url,
    OPENAI_API_KEYS: 'sk-pebble',
  });
  browser = await openBrowser();
  ada = await Visitor.arrive(browser, server.url, 'rooms');
  await pages.signUp(ada);
});

after(async () => {
  await ada?.leave();
  await browser?.close();
  await server?.stop();
  await upstream?.close();
  console.log(`pictures and logs: ${artefacts}`);
});

for (const path of PAGES) {
  test(`opens ${path}`, async () => {
    ada.trouble.length = 0;
    await ada.go(path);
    await ada.page.waitForLoadState('networkidle');
    await ada.picture(path.replaceAll('/', '-'));
    const thrown = ada.trouble.filter((one) => one.startsWith('pageerror') || /TypeError|ReferenceError/.test(one));
    const missing = ada.trouble.filter((one) => one.startsWith('status'));
    if (missing.length > 0) console.log(`${path}: ${[...new Set(missing)].join('; ')}`);
    if (path in THROWS) assert.notDeepEqual(thrown, [], `it no longer throws: take it from the list`);
    else assert.deepEqual(thrown, [], 'no script throws');
  });
}
