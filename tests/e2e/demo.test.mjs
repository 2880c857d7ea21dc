// The first minute without any provider: the demo model answers, and nothing asks the outside.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, Visitor } from './browser.mjs';
import * as pages from './pages.mjs';
import { startServer } from './server.mjs';

let server, browser, ada;

before(async () => {
  server = await startServer('demo', { OPENAI_API_BASE_URLS: '', OPENAI_API_KEYS: '', OPENAI_API_KEY: '', OLLAMA_BASE_URL: '' });
  browser = await openBrowser();
  ada = await Visitor.arrive(browser, server.url, 'demo');
});

after(async () => {
  await ada?.leave();
  await browser?.close();
  await server?.stop();
});

test('with no provider the demo model answers', async () => {
  const { page } = ada;
  try {
    await pages.signUp(ada);
    await pages.ask(page, 'Is anybody there?');
    const answer = page.locator('#response-content-container').first();
    await pages.until('the demo model has said something', async () => ((await answer.textContent()) ?? '').trim().length > 10);
    const id = await pages.chatId(page);
    await pages.until('the answer is stored', async () => (await pages.storedAnswers(page, id))[0]?.content?.length > 10);
    await ada.picture('answered');
    assert.ok(!(await page.getByText('No models available').count()));
    ada.settle();
  } catch (error) {
    await ada.picture('failed');
    throw error;
  }
});
