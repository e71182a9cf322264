/* Recordings that are made here, so that their times are the same everywhere. */

const MODEL = 'claude-opus-4-8';

/** A recorded exchange, written line by line on a clock of its own. */
export class Sample {
  #lines = [];
  #at = 0;

  constructor({ body = {}, sent, headers = {} } = {}) {
    const request = {
      method: 'POST',
      path: '/v1/messages',
      headers: {
        'content-type': 'application/json',
        'anthropic-version': '2026-10-21',
        ...headers,
      },
      body: {
        model: MODEL,
        max_tokens: 1024,
        stream: true,
        messages: [{ role: 'user', content: 'How does a mill race work?' }],
        ...body,
      },
    };
    this.#lines.push({ request });
    if (sent !== undefined)
      this.#lines.push({ sent: { ...sent, url: 'https://api.anthropic.com/v1/messages' } });
  }

  get text() {
    return this.#lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  }

  wait(ms) {
    this.#at += ms;
    return this;
  }

  head(status = 200, headers = {}) {
    const all = { 'content-type': 'text/event-stream', 'request-id': 'req_011CVfNq2', ...headers };
    this.#lines.push({ response: { status, headers: all }, at: this.#at });
    return this;
  }

  bytes(text) {
    this.#lines.push({ at: this.#at, text });
    return this;
  }

  event(type, fields = {}) {
    return this.bytes(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  }

  start(usage = { input_tokens: 1_240, cache_read_input_tokens: 980, output_tokens: 1 }) {
    return this.event('message_start', {
      message: {
        ...{ id: 'msg_01', type: 'message', role: 'assistant', model: MODEL, content: [] },
        ...{ stop_reason: null, stop_sequence: null, usage },
      },
    });
  }

  /** A block whose text comes in words, each after some milliseconds. */
  block(index, content_block, words, delta, ms = 40) {
    this.event('content_block_start', { index, content_block });
    for (const word of words) {
      this.wait(ms + ((word.length * 7 + index * 3) % 23));
      this.event('content_block_delta', { index, delta: delta(word) });
    }
    return this.event('content_block_stop', { index });
  }

  text_(index, text, ms) {
    return this.block(
      index,
      { type: 'text', text: '' },
      wordsOf(text),
      (text) => ({ type: 'text_delta', text }),
      ms,
    );
  }

  thinking(index, text, ms) {
    const start = { type: 'thinking', thinking: '', signature: '' };
    return this.block(
      index,
      start,
      wordsOf(text),
      (thinking) => ({ type: 'thinking_delta', thinking }),
      ms,
    );
  }

  tool(index, name, input, type = 'tool_use') {
    const pieces = JSON.stringify(input).match(/.{1,6}/gs);
    const start = { type, id: `toolu_0${index}`, name, input: {} };
    return this.block(
      index,
      start,
      pieces,
      (partial_json) => ({ type: 'input_json_delta', partial_json }),
      30,
    );
  }

  note(name, value) {
    this.#lines.push({ at: this.#at, [name]: value });
    return this;
  }

  stop(stop_reason = 'end_turn', output_tokens = 412) {
    const delta = { stop_reason, stop_sequence: null };
    return this.event('message_delta', { delta, usage: { output_tokens } }).event('message_stop');
  }

  end(end = 'complete') {
    this.#lines.push({ at: this.#at, end });
    return this;
  }
}

const wordsOf = (text) => text.match(/\S+\s*/g);

const STORY =
  `A mill race is the channel that carries water to a mill wheel. Upstream, a weir holds the river back and
lifts its surface; the race takes some of that water along the bank, nearly level, so that by the time it arrives at the
wheel it stands well above the river. There a sluice gate decides how much of it may fall. What drives the wheel is not
how fast the water comes, but how far it drops and how steadily it does so. `.replaceAll('\n', ' ');

const THOUGHTS =
  `The question is about how a mill race works. I should name its parts, the weir, the race, the sluice and the
tail race, and say why a steady flow matters more than a fast one. `.replaceAll('\n', ' ');

/** A wait of 31 s while pings arrive, and a cut: what the docs show. */
export function stalled() {
  const sample = new Sample().wait(1_180).head().wait(40).start().event('ping');
  sample.wait(900).thinking(0, THOUGHTS, 60).wait(120);
  sample.text_(1, STORY.slice(0, 300), 55);
  for (let ping = 0; ping < 3; ping++) sample.wait(9_000).event('ping');
  sample
    .wait(4_100)
    .event('content_block_start', { index: 2, content_block: { type: 'text', text: '' } });
  for (const text of wordsOf(STORY.slice(300, 460))) {
    sample.wait(50).event('content_block_delta', { index: 2, delta: { type: 'text_delta', text } });
  }
  return sample.wait(300).end().text;
}

/** Thinking, a search that the API runs, and a call of a tool. */
export function searched() {
  const sample = new Sample().wait(640).head().wait(30).start();
  sample.wait(500).thinking(0, THOUGHTS, 45);
  sample.tool(1, 'web_search', { query: 'mill race hydraulic head of water' }, 'server_tool_use');
  sample.wait(2_300).event('content_block_start', {
    index: 2,
    content_block: {
      type: 'web_search_tool_result',
      tool_use_id: 'toolu_01',
      content: [
        { type: 'web_search_result', url: 'https://example.com/mill', title: 'Mill races' },
      ],
    },
  });
  sample.event('content_block_stop', { index: 2 });
  sample.text_(3, STORY, 30).wait(60);
  sample.tool(4, 'draw_diagram', {
    title: 'A mill race',
    parts: ['weir', 'race', 'sluice gate', 'wheel', 'tail race'],
  });
  return sample.stop('tool_use', 618).end().text;
}

/** Two refusals, then an answer that breaks off and is continued, read by a slow program, and a tool. */
export function retried() {
  const time = 1_764_350_000_000;
  const sent = (attempt, at) => ({
    ...{
      time: time + at,
      streamId: 'str_a1',
      attemptId: `att_${attempt}`,
      attempt,
      runId: 'run_7f3c',
      turn: 1,
    },
    timeouts: { response: 600_000, idle: 180_000, stall: 900_000 },
  });
  const overloaded = { name: 'OverloadedError', message: 'HTTP 529 overloaded_error: Overloaded' };
  const refused = (attempt, at, delay) =>
    new Sample({ sent: sent(attempt, at) })
      .wait(210)
      .head(529, { 'content-type': 'application/json' })
      .bytes('{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}')
      .note('retry', { attempt, delay, error: overloaded })
      .end().text;
  const broken = new Sample({ sent: sent(3, 2_600) }).wait(480).head().wait(20).start();
  broken.wait(350).text_(0, STORY.slice(0, 260), 35);
  const lost = {
    name: 'APIConnectionError',
    message: 'the connection broke in the middle of the response',
  };
  broken.wait(400).end('broken').note('recover', { attempt: 1, mode: 'continue', error: lost });
  const rest = new Sample({ sent: sent(4, 6_450) }).wait(410).head().start();
  rest.wait(220).text_(0, STORY.slice(260, 420), 35).wait(2_400).note('read', { away: 2_400 });
  rest.tool(1, 'get_weather', { city: 'Lyon' }).stop('tool_use', 190).end();
  rest.wait(850).note('tool', { id: 'toolu_01', name: 'get_weather', ms: 830, isError: false });
  const next = new Sample({ sent: { ...sent(1, 12_400), streamId: 'str_b2', turn: 2 } })
    .wait(520)
    .head()
    .start();
  next.wait(300).text_(0, STORY.slice(0, 220), 30).stop('end_turn', 96).end();
  next.note('run', { runId: 'run_7f3c', turns: 2, ms: 15_100 });
  return {
    '0001.jsonl': refused(1, 0, 780),
    '0002.jsonl': refused(2, 990, 1_400),
    '0003.jsonl': broken.text,
    '0004.jsonl': rest.text,
    '0005.jsonl': next.text,
  };
}

/** A whole answer in 50,000 events and some 10 MB. */
export function large() {
  const sample = new Sample().wait(700).head().start();
  sample.event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
  const text = 'The water runs down the race and turns the wheel. '.repeat(2);
  for (let number = 0; number < 50_000; number++) {
    sample
      .wait(number % 3)
      .event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
  }
  return sample.event('content_block_stop', { index: 0 }).stop().end().text;
}
