// A small stand-in for a model provider: an OpenAI-style /v1 that answers at a pace the test can watch.
//
// The last user message says how: "words=40 every=100" streams forty words, one each 100 ms. Requests for a title,
// tags or follow-ups get a fixed answer of that form. Answers are the numbered words "word1 word2 …", so that a test
// can tell exactly how much of one has arrived.

import http from 'node:http';

const MODELS = ['pebble-small', 'pebble-large'];

/** Starts on a free loopback port; returns { url, requests, close }. */
export async function startUpstream() {
  const requests = [];
  const server = http.createServer((request, response) => answer(request, response, requests));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request, response, requests) {
  const body = await readBody(request);
  const entry = { method: request.method, path: request.url, body, aborted: false };
  requests.push(entry);
  if (request.url.endsWith('/models')) {
    return json(response, { object: 'list', data: MODELS.map((id) => ({ id, object: 'model', owned_by: 'pebble' })) });
  }
  if (!request.url.endsWith('/chat/completions')) {
    return json(response, { error: { message: `nothing at ${request.url}` } }, 404);
  }
  response.on('close', () => { entry.aborted = !response.writableFinished; });
  const prompt = lastUserText(body);
  const fixed = taskAnswer(prompt);
  const words = fixed ?? numbered(number(prompt, 'words', 5));
  if (!body.stream) {
    return json(response, {
      id: 'pebble', object: 'chat.completion', model: body.model,
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: words } }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    });
  }
  await stream(response, body.model, words, fixed === undefined ? number(prompt, 'every', 20) : 0);
}

async function stream(response, model, text, pause) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (delta, finish = null) =>
    response.write(`data: ${JSON.stringify({
      id: 'pebble', object: 'chat.completion.chunk', model,
      choices: [{ index: 0, delta, finish_reason: finish }],
    })}\n\n`);
  send({ role: 'assistant', content: '' });
  for (const word of text.match(/\S+\s*/g) ?? []) {
    if (response.destroyed) return;
    send({ content: word });
    if (pause) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  send({}, 'stop');
  response.end('data: [DONE]\n\n');
}

/** "word1 word2 … wordN" */
export function numbered(count) {
  return Array.from({ length: count }, (_, i) => `word${i + 1}`).join(' ');
}

function taskAnswer(prompt) {
  if (!/json/i.test(prompt)) return undefined;
  if (/follow.?up/i.test(prompt)) return '{"follow_ups": ["And then?", "Why so?"]}';
  if (/\btags?\b/i.test(prompt)) return '{"tags": ["harbour", "tide"]}';
  if (/\btitle\b/i.test(prompt)) return '{"title": "A quiet harbour"}';
  return '{}';
}

function number(prompt, name, otherwise) {
  const found = new RegExp(`${name}=(\\d+)`).exec(prompt);
  return found ? Number(found[1]) : otherwise;
}

function lastUserText(body) {
  const message = (body.messages ?? []).filter((one) => one.role === 'user').at(-1);
  const content = message?.content ?? '';
  return typeof content === 'string' ? content : content.map((part) => part.text ?? '').join(' ');
}

async function readBody(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  try { return JSON.parse(text); } catch { return {}; }
}

function json(response, value, status = 200) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
