// kill -9 in the middle of an answer: after a restart the chat holds at most one second less than the browser had shown.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, Visitor } from './browser.mjs';
import * as pages from './pages.mjs';
import { startServer } from './server.mjs';
import { startUpstream } from './upstream.mjs';

/** Milliseconds between two words of the upstream. */
const PACE = 50;
/** The words of one second, and one that may be half drawn. */
const ONE_SECOND = 1000 / PACE + 1;

let upstream, server, browser, ada;

before(async () => {
  upstream = await startUpstream();
  server = await startServer('kill9', {
    ENABLE_OLLAMA_API: 'False',
    OPENAI_API_BASE_URLS: upstream.url,
    OPENAI_API_KEYS: 'sk-pebble',
  });
  browser = await openBrowser();
  ada = await Visitor.arrive(browser, server.url, 'kill9');
});

after(async () => {
  await ada?.leave();
  await browser?.close();
  await server?.stop();
  await upstream?.close();
});

test('kill -9 in the middle of an answer costs at most one second of it', async (t) => {
  const { page } = ada;
  await pages.signUp(ada);
  for (const [round, wait] of [2_300, 3_100, 4_700].entries()) {
    await pages.ask(page, `Round ${round}. words=600 every=${PACE}`);
    await pages.until('the answer has begun', () => pages.wordsShown(page));
    await new Promise((resolve) => setTimeout(resolve, wait));
    const id = await pages.chatId(page);
    ada.settle();
    ada.trouble.push = () => 0; // from here on the page rightly complains: its server is gone
    const shown = await pages.wordsShown(page);
    await server.kill();
    server = await server.restart();
    delete ada.trouble.push;
    await ada.go(`/c/${id}`);
    const kept = await pages.until('the answer is found again', () => pages.wordsShown(page));
    t.diagnostic(`round ${round}: the browser had shown ${shown} words, the restarted server holds ${kept}`);
    await ada.picture(`round-${round}`);
    assert.ok(shown > wait / PACE / 3, `enough was shown to lose: ${shown}`);
    assert.ok(kept >= shown - ONE_SECOND, `${kept} kept of ${shown} shown`);
    await ada.go('/');
    await page.locator('#chat-input').waitFor();
  }
});
