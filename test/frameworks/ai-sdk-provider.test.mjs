/* millrace/ai-sdk's provider beside @ai-sdk/anthropic: the same parts of all recordings, and what faults do to each. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import { generateObject, generateText, stepCountIs, streamText, tool } from 'ai';
import { Anthropic } from 'millrace';
import { createMillrace } from 'millrace/ai-sdk';
import { createEmulator, fault, reply } from 'millrace/testing';
import { z } from 'zod';

const MODEL = 'claude-opus-4-8';
const RECORDINGS = new URL('../../../shared/recordings/', import.meta.url);
const own = (fetch) =>
  createMillrace({ client: new Anthropic({ apiKey: 'test', maxRetries: 0, fetch }) })(MODEL);
const theirs = (fetch) => createAnthropic({ apiKey: 'test', fetch })(MODEL);

const prompt = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }];
/** Server tools, so that neither provider has to take a call for unknown. */
const tools = [
  ['web_search_20250305', 'web_search'],
  ['web_fetch_20250910', 'web_fetch'],
  ['code_execution_20250825', 'code_execution'],
  ['tool_search_bm25_20251119', 'tool_search'],
  ['advisor_20260301', 'advisor', { model: 'claude-opus-4-6' }],
].map(([id, name, args = {}]) => ({ type: 'provider', id: `anthropic.${id}`, name, args }));

/** Each message of each recording, as bytes on the wire. */
function spans() {
  if (!existsSync(RECORDINGS)) {
    process.stderr.write('skipped: there is no ../shared/recordings\n');
    return [];
  }
  const files = readdirSync(RECORDINGS).filter((file) => file.endsWith('.jsonl'));
  return files.flatMap((file) => {
    const lines = readFileSync(new URL(file, RECORDINGS), 'utf8').split('\n').filter(Boolean);
    const found = [[]];
    for (const line of lines) {
      const { type } = JSON.parse(line);
      found.at(-1).push(`event: ${type}\ndata: ${line}\n\n`);
      if (type === 'message_stop') found.push([]);
    }
    const whole = found.filter((span) => span.length > 0);
    return whole.map((span, n) => ({ name: `${file.slice(0, -6)} ${n}`, wire: span.join('') }));
  });
}

/** What the project's own emulator says, of every kind of block that both providers know. */
const SCRIPTED = {
  text: reply.text('Once upon a time there was a mill.'),
  'thinking, then text': reply.sequence(reply.thinking('Hm.'), reply.text('Yes.')),
  'a tool call': reply.toolUse('get_weather', { city: 'Oslo', days: [1, 2] }),
  'two calls after text': reply.sequence(
    reply.text('I look.'),
    reply.toolUse('get_weather', { city: 'Oslo' }),
    reply.toolUse('get_weather', {}),
  ),
  'an empty answer': reply.text(''),
};

async function partsOf(model, options = {}) {
  const { stream } = await model.doStream({ prompt, tools, ...options });
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

/** Deltas joined, as long as they have no metadata: how a text is cut is no property of an answer. Without random ids. */
function comparable(parts) {
  const joined = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const isMore = last?.type === part.type && last.id === part.id && 'delta' in part;
    if (isMore && !part.providerMetadata && !last.providerMetadata) last.delta += part.delta;
    else if (part.delta !== '' || part.providerMetadata) joined.push({ ...part });
  }
  const plain = JSON.parse(JSON.stringify(joined));
  return plain.map((part) => (part.type === 'source' ? { ...part, id: 'source' } : part));
}

const answer = (wire) => async () =>
  new Response(wire, { headers: { 'content-type': 'text/event-stream' } });

/** millrace passes on every counter and every field of a result; the other one those that it knows. */
const OPEN = new Set(['usage', 'raw', 'result']);

/** Ours, without the fields of counters and results that theirs doesn't have. */
function asFarAsTheyGo(ours, others, isOpen = false) {
  if (Array.isArray(ours)) return ours.map((item, n) => asFarAsTheyGo(item, others?.[n], isOpen));
  if (typeof ours !== 'object' || ours === null) return ours;
  const fields = Object.entries(ours).filter(([name]) => !isOpen || name in Object(others));
  return Object.fromEntries(
    fields.map(([name, value]) => [
      name,
      asFarAsTheyGo(value, others?.[name], isOpen || OPEN.has(name)),
    ]),
  );
}

/** An input that came whole, in the start of its block, is a delta too: who reads deltas gets all of it. */
const withInput = (others) =>
  others.flatMap((part, n) => {
    const next = others[n + 1];
    if (part.type !== 'tool-input-start' || next.type !== 'tool-input-end') return [part];
    const { input } = others[n + 2];
    return [part, { type: 'tool-input-delta', id: part.id, delta: input }];
  });

/** Where the two differ: what ours makes of theirs. */
const DIFFERENT = {
  'programmatic-tool-calling.1 0': withInput,
  'web-fetch-tool-20260209.1 0': withInput,
  // Theirs takes the input of a call to an MCP server from the start of its block, where it is empty.
  'mcp.1 0': (others) =>
    others.map((part) =>
      part.type === 'tool-call' ? { ...part, input: '{"message": "hello world"}' } : part,
    ),
  // A message in a message: both say that it is an error, in their own classes.
  'spliced-message-start 0': (others) =>
    others.map((part) => (part.type === 'error' ? { ...part, error: {} } : part)),
};

describe('the parts of', () => {
  const compare = async (answer, change = (parts) => parts) => {
    const [ours, others] = await Promise.all(
      [own, theirs].map(async (provider) => comparable(await partsOf(provider(answer())))),
    );
    const expected = change(others);
    assert.deepEqual(asFarAsTheyGo(ours, expected), expected);
  };
  for (const { name, wire } of spans()) {
    it(name, () => compare(() => answer(wire), DIFFERENT[name]));
  }
  for (const [name, scripted] of Object.entries(SCRIPTED)) {
    it(`${name}, of the emulator`, () =>
      compare(() => createEmulator({ replies: [scripted], checks: false }).fetch));
  }
});

const STORY = 'Once upon a time there was a mill.';
const text = (...faults) => [() => reply.faulty(reply.text(STORY), ...faults)];
const once = (...faults) => [...text(...faults), () => reply.text(STORY)];

/** What a server or a network does to an answer. With a second reply, it does so once. */
const FAULTS = {
  'no fault': text(),
  'the body ends in the text': text(fault.cut({ phase: 'text' })),
  'the body ends after the stop reason': text(fault.cut({ event: 'message_delta' })),
  'the connection breaks in the text': text(fault.reset({ phase: 'text' })),
  'an error event in the text': text(fault.error('overloaded_error', { phase: 'text' })),
  'an error event after `message_start`': text(
    fault.error('overloaded_error', { event: 'message_start' }),
  ),
  'silence in the text': text(fault.stall({ phase: 'text' })),
  'only pings in the text': text(fault.pingsOnly({ phase: 'text' }, 20)),
  'silence before the headers': text(fault.stall({ phase: 'headers' })),
  'an open socket after the end': text(fault.leftOpen()),
  'garbage in the text': text(fault.garbage({ phase: 'text' })),
  'HTTP 529': text(fault.status(529)),
  'HTTP 529, once': once(fault.status(529)),
  'no connection, once': once(fault.refuse()),
  'the body ends after `message_start`, once': once(fault.cut({ event: 'message_start' })),
  'a message as one JSON document': text(fault.json()),
  'no `event:` lines': text(fault.dataOnly()),
  '`message_start` twice': text(fault.duplicateStart()),
};

/** What a program sees of an answer. */
async function outcome(model, signal) {
  const errors = [];
  let told = '';
  let finish;
  const result = streamText({
    model,
    prompt: 'Hi',
    ...(signal && { abortSignal: signal }),
    onError: ({ error }) => errors.push(error),
  });
  try {
    for await (const part of result.stream) {
      if (part.type === 'text-delta') told += part.text;
      if (part.type === 'finish') finish = part.finishReason;
    }
  } catch (error) {
    errors.push(error);
  }
  if (signal?.aborted) return 'never ends';
  if (errors.length > 0) return 'an error';
  if (told === STORY && finish === 'stop') return 'the whole answer';
  return `cut short without an error: \`${finish}\``;
}

const clientOf = (replies) =>
  new Anthropic({
    apiKey: 'test',
    fetch: createEmulator({ replies }).fetch,
    timeout: { response: 2_000, idle: 2_000, stall: 3_000 },
  });

/** The other one has no clocks: it is given up at last. */
const limited = (model) => {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), 15_000);
  return outcome(model, limit.signal).finally(() => clearTimeout(timer));
};

const rows = {};

describe('streamText, under a fault,', { concurrency: 8 }, () => {
  for (const [name, replies] of Object.entries(FAULTS)) {
    it(name, async () => {
      const made = () => replies.map((make) => make());
      const [ours, others] = await Promise.all([
        outcome(createMillrace({ client: clientOf(made()) })(MODEL)),
        limited(theirs(createEmulator({ replies: made() }).fetch)),
      ]);
      rows[name] = [ours, others];
      assert.ok(['the whole answer', 'an error'].includes(ours), ours);
    });
  }
});

it('the table of faults in docs/ai-sdk.md is what ran', () => {
  const lines = Object.keys(FAULTS).map((name) => `| ${name} | ${rows[name].join(' | ')} |`);
  const docs = new URL('../../docs/ai-sdk.md', import.meta.url);
  const page = readFileSync(docs, 'utf8');
  const table = `| | \`millrace\` | \`@ai-sdk/anthropic\` |\n|---|---|---|\n${lines.join('\n')}\n`;
  if (process.env.UPDATE_DOCS) {
    const block = /(<!-- faults -->\n).*?(?=\n<!-- \/faults -->)/s;
    writeFileSync(
      docs,
      page.replace(block, (_, start) => start + table),
    );
  } else assert.ok(page.includes(table), `docs/ai-sdk.md should say:\n${table}`);
});

describe('the AI SDK over millrace', () => {
  const weather = tool({
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => ({ city, sky: 'blue' }),
  });
  const made = (...replies) => {
    const emulator = createEmulator({ replies });
    const client = new Anthropic({ apiKey: 'test', maxRetries: 0, fetch: emulator.fetch });
    return { emulator, model: createMillrace({ client })(MODEL) };
  };

  it('runs tools, and sends thinking and results back as the API wants them', async () => {
    const { emulator, model } = made(
      reply.sequence(reply.thinking('Hm.'), reply.toolUse('weather', { city: 'Oslo' })),
      reply.text('Blue.'),
    );
    const result = streamText({
      model,
      prompt: 'Weather?',
      tools: { weather },
      stopWhen: stepCountIs(3),
    });
    assert.equal(await result.text, 'Blue.');
    assert.equal((await result.steps).length, 2);
    const [, answered, results] = emulator.requests[1].body.messages;
    assert.deepEqual(
      answered.content.map(({ type }) => type),
      ['thinking', 'tool_use'],
    );
    assert.ok(answered.content[0].signature);
    assert.deepEqual(JSON.parse(results.content[0].content), { city: 'Oslo', sky: 'blue' });
  });

  it('generateText and generateObject', async () => {
    const { model, emulator } = made(
      reply.sequence(reply.thinking('Hm.'), reply.text('Yes.')),
      reply.text('{"name": "Pancakes"}'),
    );
    const { text, reasoningText, usage, response } = await generateText({ model, prompt: 'Hi' });
    assert.deepEqual([text, reasoningText], ['Yes.', 'Hm.']);
    assert.ok(usage.outputTokens > 0 && response.id.startsWith('msg_'));
    const schema = z.object({ name: z.string() });
    const { object } = await generateObject({ model, prompt: 'Hi', schema });
    assert.deepEqual(object, { name: 'Pancakes' });
    assert.equal(emulator.requests[1].body.output_config.format.type, 'json_schema');
  });

  it('a call that is aborted ends at once, and closes the request', async () => {
    const { emulator, model } = made(
      reply.faulty(reply.text(STORY), fault.stall({ phase: 'text' })),
    );
    const leaving = new AbortController();
    const seen = [];
    const result = streamText({ model, prompt: 'Hi', abortSignal: leaving.signal });
    for await (const { type } of result.stream) {
      seen.push(type);
      if (type === 'text-delta') leaving.abort();
    }
    assert.equal(seen.at(-1), 'abort');
    assert.equal(await emulator.requests[0].ended, 'left');
  });
});
