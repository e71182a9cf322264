/*
 * Clients to compare. Each entry loads its client and gives the ways it can be read:
 *
 *   events  all events of a helper that accumulates     raw   events as they come, nothing accumulated
 *   text    the text, piece by piece                    final the whole text at the end
 *   bytes   what the wire gives, nothing parsed           open  the stream itself
 *
 * A way gives a promise of what it has read: the text, and for `bytes` their number. `options` are
 * `baseURL` or `fetch`. A client is loaded only when it is asked for: processes measure one of them.
 */
const PARAMS = {
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Hi' }],
};

const LOADERS = {
  millrace,
  'millrace, http2: false': (options) => millrace({ http2: false, ...options }),
  'node:http2, hand-written': handWrittenHttp2,
  '@anthropic-ai/sdk': sdk,
  'AI SDK': aiSdk,
  'hand-written loop': handWritten,
  fetch: bareFetch,
  'node:http': bareHttp,
};

/** @param name a key of the table above. */
export const load = (name, options) => LOADERS[name](options);

async function millrace(options) {
  const { Anthropic } = await import('../../dist/index.js');
  const { messages } = new Anthropic({ apiKey: 'key', maxRetries: 0, ...options });
  const open = () => messages.stream(PARAMS);
  const openRaw = () => messages.create({ ...PARAMS, stream: true });
  return {
    open,
    openRaw,
    events: () => textOfEvents(open()),
    raw: async () => textOfEvents(await openRaw()),
    text: () => joined(open().textStream),
    final: () => open().getFinalText(),
  };
}

async function sdk(options) {
  const { default: Anthropic } = await import('@anthropic-ai/sdk');
  const { messages } = new Anthropic({ apiKey: 'key', maxRetries: 0, ...options });
  const open = () => messages.stream(PARAMS);
  return {
    open,
    events: () => textOfEvents(open()),
    raw: async () => textOfEvents(await messages.create({ ...PARAMS, stream: true })),
    // It has no stream of text: its readme picks the text out of the events.
    text: () => textOfEvents(open()),
    final: () => open().finalText(),
  };
}

async function aiSdk({ baseURL, fetch }) {
  const [{ streamText }, { createAnthropic }] = await Promise.all([
    import('ai'),
    import('@ai-sdk/anthropic'),
  ]);
  const anthropic = createAnthropic({ apiKey: 'key', baseURL: baseURL && `${baseURL}/v1`, fetch });
  const open = () =>
    streamText({ model: anthropic(PARAMS.model), prompt: 'Hi', maxRetries: 0, onError: fail });
  return {
    open,
    events: async () => {
      let text = '';
      for await (const part of open().fullStream) if (part.type === 'text-delta') text += part.text;
      return text;
    },
    text: () => joined(open().textStream),
    final: () => open().text,
  };
}

/** What one would write for a benchmark: it knows one delta, one line end and no error. */
async function handWritten({ baseURL = 'http://in.memory', fetch = globalThis.fetch }) {
  const read = async () => {
    const { body } = await fetch(baseURL, { method: 'POST', body: JSON.stringify(PARAMS) });
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let buffer = '';
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text;
      buffer += decoder.decode(value, { stream: true });
      let at = 0;
      for (let end = buffer.indexOf('\n\n'); end !== -1; end = buffer.indexOf('\n\n', at)) {
        const event = JSON.parse(buffer.slice(buffer.indexOf('data: ', at) + 6, end));
        if (event.type === 'content_block_delta') text += event.delta.text;
        at = end + 2;
      }
      buffer = buffer.slice(at);
    }
  };
  return { text: read, final: read };
}

/** The floor of HTTP/2: sessions of 100 streams, one delta, one line end and no error. */
async function handWrittenHttp2({ baseURL }) {
  const { connect } = await import('node:http2');
  const sessions = [];
  const sessionFor = () => {
    let session = sessions.find(({ streams }) => streams < 100);
    if (session === undefined) {
      session = { streams: 0, connection: connect(baseURL, { settings: { enablePush: false } }) };
      session.connection.setMaxListeners(0);
      sessions.push(session);
    }
    session.streams++;
    return session;
  };
  async function* open() {
    const session = sessionFor();
    const path = { ':method': 'POST', ':path': '/v1/messages' };
    const stream = session.connection.request(path);
    stream.end(JSON.stringify(PARAMS));
    stream.setEncoding('utf8');
    let buffer = '';
    for await (const chunk of stream) {
      buffer += chunk;
      let at = 0;
      for (let end = buffer.indexOf('\n\n'); end !== -1; end = buffer.indexOf('\n\n', at)) {
        yield JSON.parse(buffer.slice(buffer.indexOf('data: ', at) + 6, end));
        at = end + 2;
      }
      buffer = buffer.slice(at);
    }
    session.streams--;
    if (sessions.every(({ streams }) => streams === 0)) {
      for (const { connection } of sessions) connection.close();
    }
  }
  return { open, events: () => textOfEvents(open()) };
}

async function bareFetch({ baseURL }) {
  const send = () => fetch(baseURL, { method: 'POST', body: JSON.stringify(PARAMS) });
  const bytes = async () => {
    let count = 0;
    for await (const chunk of (await send()).body) count += chunk.length;
    return count;
  };
  async function* open() {
    yield* (await send()).body;
  }
  return { open, bytes };
}

async function bareHttp({ baseURL }) {
  const { Agent, request } = await import('node:http');
  const agent = new Agent({ keepAlive: true });
  const bytes = () =>
    new Promise((resolve, reject) => {
      const sent = request(baseURL, { method: 'POST', agent }, (response) => {
        let count = 0;
        response.on('data', (chunk) => {
          count += chunk.length;
        });
        response.on('end', () => resolve(count));
        response.on('error', reject);
      });
      sent.on('error', reject).end(JSON.stringify(PARAMS));
    });
  return { bytes };
}

async function textOfEvents(events) {
  let text = '';
  for await (const event of events) {
    if (event.type === 'content_block_delta') text += event.delta.text;
  }
  return text;
}

async function joined(pieces) {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

function fail({ error }) {
  throw error;
}
