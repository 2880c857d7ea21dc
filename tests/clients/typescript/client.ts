// Signs up and in, lists models, creates a chat and reads it back, streams a completion: all through the generated types.
// Argument: the server's address. Its first account must not exist yet.

import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { paths } from './generated/schema.js';

const baseUrl = process.argv[2];
assert(baseUrl, 'the address of the server is the first argument');
const client = createClient<paths>({ baseUrl });

/** The answer's data, or an error that shows what came instead. */
function expectData<T>(what: string, answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${what}: ${answer.response.status} ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

const account = { email: 'typescript@example.com', password: 'a long password' };
expectData('sign up', await client.POST('/api/v1/auths/signup', { body: { name: 'TypeScript', ...account } }));
const session = expectData('sign in', await client.POST('/api/v1/auths/signin', { body: account }));
assert.equal(session.email, account.email);
client.use({
  onRequest({ request }) {
    request.headers.set('Authorization', `Bearer ${session.token}`);
  },
});

const refused = await client.POST('/api/v1/auths/signin', { body: { ...account, password: 'another' } });
assert.equal(refused.response.status, 400);
assert.equal(typeof refused.error?.detail, 'string', 'an error says what is wrong');

const models = expectData('models', await client.GET('/api/models')).data;
const model = models[0];
assert(model, 'the demo model is offered');

const written = expectData(
  'new chat',
  await client.POST('/api/v1/chats/new', { body: { chat: { title: 'From TypeScript', models: [model.id] } } }),
);
const read = expectData('chat', await client.GET('/api/v1/chats/{id}', { params: { path: { id: written.id } } }));
assert.equal(read.id, written.id);
assert.equal(read.title, 'From TypeScript');
assert.deepEqual(read.chat.models, [model.id]);
// Null takes a chat out of its folder.
expectData(
  'folder',
  await client.POST('/api/v1/chats/{id}/folder', { params: { path: { id: written.id } }, body: { folder_id: null } }),
);

const stream = expectData(
  'completion',
  await client.POST('/api/chat/completions', {
    body: { model: model.id, stream: true, messages: [{ role: 'user', content: 'Hello' }] },
    parseAs: 'stream',
  }),
);
assert(stream, 'a stream has a body');
let text = '';
const decoder = new TextDecoder();
for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
  text += decoder.decode(chunk, { stream: true });
}
const events = text.split('\n\n').filter((event) => event.startsWith('data: '));
assert.equal(events.at(-1), 'data: [DONE]');
const answer = events
  .slice(0, -1)
  .map((event) => JSON.parse(event.slice(6)).choices[0]?.delta?.content ?? '')
  .join('');
assert(events.length > 2 && answer.length > 0, `an answer in several events, got ${text}`);
console.log(`typescript client: ${models.length} models, chat ${read.id}, ${events.length} events, ${answer.length} characters`);
