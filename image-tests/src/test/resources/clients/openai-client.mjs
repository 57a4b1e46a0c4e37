// The official openai package for Node against a gateway: openai-client.mjs BASE_URL TOKEN CASE. Exit 0 when the case holds.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const [baseURL, apiKey, name] = process.argv.slice(2);
const OpenAI = createRequire(process.env.CLIENTS + '/')('openai').OpenAI;
const client = (key = apiKey) => new OpenAI({ baseURL, apiKey: key, maxRetries: 0, timeout: 60_000 });
const ask = (content, more = {}) => ({ model: 'openclaw', messages: [{ role: 'user', content }], ...more });
const say = async content => (await client().chat.completions.create(ask(content))).choices[0].message.content;
const tools = [{ type: 'function', function: { name: 'add', parameters: { type: 'object', properties: {} } } }];

const cases = {
  async answer() {
    const answer = await client().chat.completions.create(ask('hi'));
    assert.equal(answer.object, 'chat.completion');
    assert.equal(answer.choices[0].message.content, 'Echo: hi');
    assert.equal(answer.choices[0].finish_reason, 'stop');
    assert.deepEqual([answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens], [11, 2, 13]);
  },

  async stream() {
    const texts = [], reasons = [], usages = [];
    for await (const chunk of await client().chat.completions.create(ask('hi', { stream: true, stream_options: { include_usage: true } }))) {
      if (chunk.choices[0]?.delta.content) texts.push(chunk.choices[0].delta.content);
      if (chunk.choices[0]?.finish_reason) reasons.push(chunk.choices[0].finish_reason);
      if (chunk.usage) usages.push(chunk.usage.total_tokens);
    }
    assert.equal(texts.join(''), 'Echo: hi');
    assert.deepEqual(reasons, ['stop']);
    assert.deepEqual(usages, [13]);
  },

  async abort() {
    for await (const chunk of await client().chat.completions.create(ask('HANG', { stream: true }))) {
      if (chunk.choices[0]?.delta.content) break; // leaving the loop hangs up
    }
  },

  async broken() {
    const texts = [];
    await assert.rejects(async () => {
      for await (const chunk of await client().chat.completions.create(ask('BREAK', { stream: true }))) {
        texts.push(chunk.choices[0]?.delta.content ?? '');
      }
    }, e => {
      assert.ok(e instanceof OpenAI.APIError, `${e}`);
      assert.ok(e.error?.message, 'no message');
      return true;
    });
    assert.equal(texts.join(''), 'Once upon a time');
  },

  async tool() {
    const question = ask('TOOL', { tools });
    const { choices: [choice] } = await client().chat.completions.create(question);
    assert.equal(choice.finish_reason, 'tool_calls');
    const [call] = choice.message.tool_calls;
    assert.equal(call.function.name, 'add');
    assert.deepEqual(JSON.parse(call.function.arguments), { a: 1, b: 2 });
    const result = { role: 'tool', tool_call_id: call.id, content: '3' };
    const after = await client().chat.completions.create({ ...question, messages: [...question.messages, choice.message, result] });
    assert.equal(after.choices[0].message.content, 'The tool says 3');
  },

  async runner() {
    const add = { type: 'function', function: { name: 'add', parameters: { type: 'object', properties: {} }, parse: JSON.parse, function: ({ a, b }) => String(a + b) } };
    const runner = client().chat.completions.runTools(ask('TOOL', { tools: [add] }));
    assert.equal(await runner.finalContent(), 'The tool says 3');
  },

  async retry() {
    const patient = new OpenAI({ baseURL, apiKey, maxRetries: 2, timeout: 60_000 });
    const answer = await patient.chat.completions.create(ask('LIMIT node, retried'));
    assert.equal(answer.choices[0].message.content, 'Echo: LIMIT node, retried');
  },

  async loading() {
    await assert.rejects(client().chat.completions.create(ask('LOAD node once')), e => {
      assert.ok(e instanceof OpenAI.InternalServerError, `${e}`);
      assert.equal(e.status, 503);
      return true;
    });
    const patient = new OpenAI({ baseURL, apiKey, maxRetries: 2, timeout: 60_000 });
    const answer = await patient.chat.completions.create(ask('LOAD node twice'));
    assert.equal(answer.choices[0].message.content, 'Echo: LOAD node twice');
  },

  async limit() {
    await assert.rejects(client().chat.completions.create(ask('LIMIT node')), e => {
      assert.ok(e instanceof OpenAI.RateLimitError, `${e}`);
      assert.equal(e.headers.get('retry-after'), '1');
      return true;
    });
  },

  async models() {
    const names = (await client().models.list()).data.map(model => model.id);
    assert.deepEqual(names, ['openclaw', 'openclaw/default', 'openclaw/main']);
    assert.equal((await client().models.retrieve('openclaw/main')).owned_by, 'openclaw');
    await assert.rejects(client().models.retrieve('gpt-4o'), OpenAI.NotFoundError);
  },

  async fifty() {
    const numbers = [...Array(50).keys()];
    assert.deepEqual(await Promise.all(numbers.map(n => say(`number ${n}`))), numbers.map(n => `Echo: number ${n}`));
  },

  async errors() {
    const refused = (promise, kind, status) => assert.rejects(promise, e => {
      assert.ok(e instanceof kind, `${e.constructor.name} instead of ${kind.name}: ${e}`);
      assert.equal(e.status, status);
      assert.ok(e.error?.message, 'no message');
      return true;
    });
    await refused(client('not-the-token').chat.completions.create(ask('hi')), OpenAI.AuthenticationError, 401);
    await refused(client().chat.completions.create(ask('hi', { model: 'openclaw/nobody' })), OpenAI.NotFoundError, 404);
    await refused(client().chat.completions.create({ model: 'openclaw', messages: 'hi' }), OpenAI.BadRequestError, 400);
    await refused(client().chat.completions.create(ask('FAIL')), OpenAI.InternalServerError, 502);
    await refused(client().chat.completions.create(ask('FAIL', { stream: true })), OpenAI.InternalServerError, 502);
  },
};

await cases[name]();
console.log(`ok ${name}`);
