// The stock front end's pages, in the words of somebody who uses them.

import assert from 'node:assert/strict';

const ANSWER = '#response-content-container';
/** The stop button has neither id nor label; its place and shape are what there is. */
const STOP = '#message-input-container button.rounded-full.bg-white.text-gray-800';
const SEND = 'button[type=submit]#send-message-button';

export const person = { name: 'Ada Quay', email: 'ada@example.test', password: 'a-lighthouse-at-night' };

export async function signUp(visitor, who = person) {
  const { page } = visitor;
  await visitor.go('/');
  await page.locator('button[aria-labelledby="get-started"]').click();
  await page.fill('#name', who.name);
  await page.fill('#email', who.email);
  await page.fill('#password', who.password);
  await page.locator('button[type=submit]').click();
  await page.locator('#chat-input').waitFor();
  await closeNews(page);
}

export async function signIn(visitor, who = person) {
  const { page } = visitor;
  await page.fill('#email', who.email);
  await page.fill('#password', who.password);
  await page.locator('button[type=submit]').click();
  await page.locator('#chat-input').waitFor();
}

export async function signOut(visitor) {
  const { page } = visitor;
  await page.getByRole('button', { name: 'User menu' }).last().click();
  await page.getByText('Sign Out').click();
  await page.locator('#email').waitFor();
}

/** The release notes that cover the first page. */
async function closeNews(page) {
  const close = page.getByRole('button', { name: /Okay, Let/ });
  await close.click();
  await close.waitFor({ state: 'detached' });
}

export async function pickModel(page, model) {
  await page.locator('#model-selector-0-button').click();
  await page.locator(`button[aria-roledescription="model-item"][aria-label="${model}"]`).click();
  await page.locator('#model-selector-0-button', { hasText: model }).waitFor();
}

/** Writes into the composer and sends; answers arrive meanwhile. */
export async function ask(page, question) {
  const composer = page.locator('#chat-input');
  // A menu that is still closing may take the focus back: click until the words arrive where they belong.
  await until('the composer takes the question', async () => {
    await composer.click();
    await page.keyboard.type(question);
    return ((await composer.textContent()) ?? '').trim() === question;
  }, { every: 300 });
  await page.locator(SEND).click();
}

/** How many of the upstream's numbered words the n-th answer shows, and that none is missing, doubled or out of order. */
export async function wordsShown(page, nth = 0) {
  const answers = page.locator(ANSWER);
  if ((await answers.count()) <= nth) return 0;
  const found = (await answers.nth(nth).textContent()).match(/word\d+/g) ?? [];
  found.forEach((word, index) => {
    const last = index === found.length - 1; // may be half drawn
    assert.ok(word === `word${index + 1}` || last, `word ${index + 1} of the answer is ${word}`);
  });
  return found.length;
}

export async function until(what, probe, { timeout = 20_000, every = 50 } = {}) {
  const deadline = Date.now() + timeout;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > deadline) assert.fail(`in ${timeout / 1000} s it never came true that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

export async function answerComplete(page, words, nth = 0) {
  await until(`answer ${nth + 1} shows ${words} words`, async () => (await wordsShown(page, nth)) === words);
  await page.locator(STOP).waitFor({ state: 'detached' });
}

export async function stop(page) {
  await page.locator(STOP).click();
  await page.locator(STOP).waitFor({ state: 'detached' });
}

/** What the server holds of a chat, asked with the page's own session. */
export function storedChat(page, id) {
  return page.evaluate(async (chat) => {
    const answer = await fetch(`/api/v1/chats/${chat}`, { headers: { authorization: `Bearer ${localStorage.token}` } });
    return answer.json();
  }, id);
}

export async function chatId(page) {
  await page.waitForURL(/\/c\/[0-9a-f-]{36}$/);
  return page.url().split('/').at(-1);
}

/** Every stored answer of a chat, oldest first. */
export async function storedAnswers(page, id) {
  const { chat } = await storedChat(page, id);
  return Object.values(chat.history.messages)
    .filter((message) => message.role === 'assistant')
    .sort((one, other) => one.timestamp - other.timestamp);
}
