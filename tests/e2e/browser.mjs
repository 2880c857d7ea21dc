// Headless Chromium, and a page that keeps account of everything that goes wrong on it.

import assert from 'node:assert/strict';
import path from 'node:path';

import { chromium } from 'playwright-core';

import { artefacts } from './server.mjs';

/** What may go wrong, each with its reason. Everything else fails the test. */
const TOLERATED = [
  { where: 'failed', url: /.*/, text: /net::ERR_ABORTED/, when: 'leaving',
    reason: 'a request under way is cut by the browser when the test itself leaves or reloads the page' },
];

export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--no-first-run', '--no-proxy-server'],
  });
}

/** A visitor with storage of its own: `page`, and `trouble`, which `settle` asserts to be empty. */
export class Visitor {
  static async arrive(browser, url, name) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
    return new Visitor(context, await context.newPage(), url, name);
  }

  constructor(context, page, url, name) {
    Object.assign(this, { context, page, url, name, trouble: [], leaving: false, pictures: 0 });
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => this.note('pageerror', page.url(), error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.note('console', message.location().url, message.text());
    });
    page.on('requestfailed', (request) =>
      this.note('failed', `${request.method()} ${request.url()}`, request.failure()?.errorText ?? ''));
    page.on('response', (response) => {
      if (response.status() >= 400) this.note('status', `${response.request().method()} ${response.url()}`, String(response.status()));
    });
    page.on('request', (request) => {
      const { host } = new URL(request.url());
      if (request.url().startsWith('http') && host !== new URL(url).host) this.note('outside', request.url(), 'asked another host');
    });
  }

  note(where, url, text) {
    const tolerated = TOLERATED.some((one) =>
      one.where === where && one.url.test(url) && one.text.test(text) && (one.when !== 'leaving' || this.leaving));
    if (!tolerated) this.trouble.push(`${where}: ${url}: ${text}`);
  }

  /** Goes to a path, as by the address bar. */
  async go(to) {
    this.leaving = true;
    await this.page.goto(this.url + to, { waitUntil: 'load' });
    this.leaving = false;
  }

  async reload() {
    this.leaving = true;
    await this.page.reload({ waitUntil: 'load' });
    this.leaving = false;
  }

  async picture(what) {
    this.pictures += 1;
    const file = path.join(artefacts, `${this.name}-${String(this.pictures).padStart(2, '0')}-${what}.png`);
    await this.page.screenshot({ path: file });
  }

  /** Nothing has gone wrong up to here. */
  settle() {
    assert.deepEqual(this.trouble, [], 'no page error, console error, failed request or error status');
  }

  async leave() {
    this.leaving = true;
    await this.context.close();
  }
}
