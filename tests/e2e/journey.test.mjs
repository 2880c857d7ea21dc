// One person's first day: signs up, asks, watches, reloads, stops, looks around as administrator, signs out and in.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, Visitor } from './browser.mjs';
import * as pages from './pages.mjs';
import { artefacts, startServer } from './server.mjs';
import { numbered, startUpstream } from './upstream.mjs';

let upstream, server, browser, ada;

before(async () => {
  upstream = await startUpstream();
  server = await startServer('journey', {
    ENABLE_OLLAMA_API: 'False',
    OPENAI_API_BASE_URLS: upstream.url,
    OPENAI_API_KEYS: 'sk-pebble',
  });
  browser = await openBrowser();
  ada = await Visitor.arrive(browser, server.url, 'journey');
});

after(async () => {
  await ada?.leave();
  await browser?.close();
  await server?.stop();
  await upstream?.close();
  console.log(`pictures and logs: ${artefacts}`);
});

let stuck = false;

/** The steps build on each other; each ends with a clean account. */
function step(name, body) {
  test(name, async (t) => {
    if (stuck) return t.skip('a step before failed');
    try {
      await body(ada.page);
      ada.settle();
    } catch (error) {
      stuck = true;
      await ada.picture('failed');
      throw error;
    }
  });
}

step('signs up as the first administrator', async () => {
  await pages.signUp(ada);
  await ada.picture('signed-up');
});

step('picks a model and asks; the answer grows while it streams', async (page) => {
  await pages.pickModel(page, 'pebble-large');
  await pages.ask(page, 'How high is the tide? words=40 every=75');
  const samples = [];
  await pages.until('the answer has begun', () => pages.wordsShown(page));
  while (samples.length < 8) {
    samples.push(await pages.wordsShown(page));
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await ada.picture('streaming');
  for (let i = 1; i < samples.length; i += 1) {
    assert.ok(samples[i] >= samples[i - 1], `the answer never shrinks: ${samples}`);
  }
  assert.ok(new Set(samples).size >= 5, `the answer grows while it is watched: ${samples}`);
  assert.ok(samples[0] < 15 && samples.at(-1) < 40, `it was watched in the making: ${samples}`);
  await pages.answerComplete(page, 40);
  const sent = upstream.requests.findLast((one) => one.path.endsWith('/chat/completions') && one.body.stream);
  assert.equal(sent.body.model, 'pebble-large');
});

step('gets a title, tags and follow-ups', async (page) => {
  await page.getByText('And then?').waitFor();
  const id = await pages.chatId(page);
  const stored = await pages.until('the chat has its title', async () => {
    const chat = await pages.storedChat(page, id);
    return chat.title === 'A quiet harbour' && (chat.meta?.tags ?? []).length === 2 ? chat : undefined;
  });
  assert.deepEqual([...stored.meta.tags].sort(), ['harbour', 'tide']);
  await ada.picture('answered');
});

step('finds everything again after a reload', async (page) => {
  const id = await pages.chatId(page);
  const [answer] = await pages.storedAnswers(page, id);
  assert.equal(answer.content.trim(), numbered(40));
  await ada.reload();
  await pages.answerComplete(page, 40);
  await page.getByText('How high is the tide?').waitFor();
  await page.getByText('And then?').waitFor();
  await ada.picture('reloaded');
});

step('stops a second answer and keeps what was written', async (page) => {
  await pages.ask(page, 'And the next one? words=400 every=50');
  await pages.until('twenty words have come', async () => (await pages.wordsShown(page, 1)) >= 20);
  await pages.stop(page);
  const shown = await pages.wordsShown(page, 1);
  await ada.picture('stopped');
  const asked = upstream.requests.findLast((one) => one.body.stream && one.path.endsWith('/chat/completions'));
  await pages.until('the provider was hung up on', () => asked.aborted, { timeout: 3_000 });
  const id = await pages.chatId(page);
  await ada.reload();
  const kept = await pages.until('the stopped answer is found again', () => pages.wordsShown(page, 1));
  assert.ok(kept >= shown - 1 && kept < 400, `${kept} words kept of ${shown} shown`);
  const [, answer] = await pages.storedAnswers(page, id);
  assert.ok(answer.content.trim().startsWith(numbered(shown - 1)), 'the server holds what was shown');
  await ada.picture('stopped-reloaded');
});

step('asks once more in the same chat', async (page) => {
  await pages.ask(page, 'So be it. words=12 every=20');
  await pages.answerComplete(page, 12, 2);
  const sent = upstream.requests.findLast((one) => one.body.stream && one.path.endsWith('/chat/completions'));
  const roles = sent.body.messages.map((message) => message.role).filter((role) => role !== 'system');
  assert.deepEqual(roles, ['user', 'assistant', 'user', 'assistant', 'user'], 'the provider hears the whole conversation');
});

step('sees the chat in the sidebar', async (page) => {
  await page.getByRole('button', { name: 'Open Sidebar', exact: true }).click();
  await page.locator('#sidebar').getByText('A quiet harbour').first().waitFor();
  await ada.picture('sidebar');
});

step('opens the administrator\'s users', async (page) => {
  await ada.go('/admin/users');
  await page.locator('tr', { hasText: pages.person.email }).waitFor();
  await ada.picture('users');
});

step('opens the administrator\'s connections', async (page) => {
  await ada.go('/admin/settings/connections');
  await page.getByText('Manage OpenAI API Connections').waitFor();
  const address = page.locator('input[placeholder="API Base URL"]').or(page.getByText(upstream.url));
  await address.first().waitFor();
  await ada.picture('connections');
});

step('signs out and in again', async (page) => {
  await ada.go('/');
  await page.locator('#chat-input').waitFor();
  await pages.signOut(ada);
  await ada.picture('signed-out');
  assert.equal(await page.evaluate(() => localStorage.getItem('token')), null);
  await pages.signIn(ada);
  await page.locator('#sidebar').getByText('A quiet harbour').first().click();
  await pages.answerComplete(page, 40);
  await ada.picture('signed-in-again');
});
