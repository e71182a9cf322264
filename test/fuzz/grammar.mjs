// @ts-check
/*
 * Streams that look like the API's, and are hostile in structure: nested deep, in huge numbers, of odd types,
 * with the names of prototypes. JavaScript: it also runs in a process without a compiler.
 */

/** @typedef {import('./random.mjs').Random} Rand */

const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'toJSON',
  'then',
  'hasOwnProperty',
  '__defineGetter__',
  'length',
  'type',
  'index',
  'delta',
  'usage',
  'content',
  'message',
  'content_block',
  'error',
  'input',
  'inputState',
  'text',
  'thinking',
  'citations',
  'id',
  'tool_use_id',
  'stop_reason',
  'request_id',
  'status',
  'model',
  'container',
  '0',
  '-1',
  '',
  'a b',
];
const TEXTS = [
  '',
  'a',
  ' ',
  '\n',
  '\r\n',
  '\u2028',
  '\u0000',
  '\ud800',
  'é語🌊',
  '__proto__',
  '[object Object]',
  '{"a":',
  '```',
  '\u202e',
  '\u001b[2J',
];
const NUMBERS = [
  '0',
  '-0',
  '1',
  '-1',
  '1.5',
  '1e999',
  '-1e999',
  '9007199254740993',
  '4294967296',
  '2147483648',
  '1e-400',
];
const BLOCKS = [
  'text',
  'thinking',
  'redacted_thinking',
  'tool_use',
  'server_tool_use',
  'mcp_tool_use',
  'compaction',
  'fallback',
  'web_search_tool_result',
  'code_execution_tool_result',
  '__proto__',
  'constructor',
  'brand_new',
];
/** @type {readonly (readonly [type: string, brings: string])[]} */
const DELTAS = [
  ['text_delta', 'text'],
  ['thinking_delta', 'thinking'],
  ['input_json_delta', 'partial_json'],
  ['citations_delta', 'citation'],
  ['signature_delta', 'signature'],
  ['compaction_delta', 'content'],
  ['toString', 'text'],
  ['brand_new_delta', 'x'],
];
const STATUSES = [
  200, 200, 200, 200, 200, 201, 206, 300, 302, 400, 401, 404, 413, 422, 429, 500, 503, 529,
];
const TYPES = [
  'text/event-stream',
  'text/event-stream; charset=utf-8',
  'application/json',
  'text/html',
  '',
  'toString',
];

/** @param {Rand} random @param {number} bytes @returns {import('./grammar.mjs').Hostile} */
export function hostile(random, bytes) {
  const kind = random.of(KINDS);
  const chunk = random.of([1, 7, 120, 4_096, 65_536, 1 << 20]);
  // Single bytes of megabytes would only test the platform's streams.
  const chunkBytes = Math.max(chunk, Math.floor(bytes / 20_000));
  return {
    status: random.chance(0.85) ? 200 : random.of(STATUSES),
    type: random.of(TYPES),
    chunks: cut(kind(random, bytes), chunkBytes, bytes),
  };
}

/** @param {Iterable<string>} pieces @param {number} size @param {number} most @returns {Generator<Buffer>} */
function* cut(pieces, size, most) {
  let sent = 0;
  /** @type {Buffer[]} */
  let held = [];
  let length = 0;
  for (const piece of pieces) {
    const bytes = Buffer.from(piece);
    held.push(bytes);
    length += bytes.length;
    if (length < size) continue;
    const all = Buffer.concat(held, length);
    for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
    sent += length;
    held = [];
    length = 0;
    if (sent > most) return;
  }
  yield Buffer.concat(held, length);
}

/** Any JSON value, as text. @param {Rand} random @param {number} room @param {number} [depth] @returns {string} */
export function value(random, room, depth = 0) {
  const make = random.of(depth > 4 ? SCALARS : VALUES);
  return make(random, room, depth);
}

/** @type {readonly ((random: Rand, room: number, depth: number) => string)[]} */
const SCALARS = [
  () => 'null',
  (random) => random.of(['true', 'false']),
  (random) => random.of(NUMBERS),
  (random) => JSON.stringify(random.of(TEXTS)),
  (random) => JSON.stringify(random.of(NAMES)),
  (random, room) => JSON.stringify(random.of(TEXTS).repeat(random.upTo(Math.min(room, 1e6) / 8))),
];

/** @type {typeof SCALARS} */
const VALUES = [
  ...SCALARS,
  (random, room, depth) => list(random, room, depth),
  (random, room, depth) => object(random, room, depth),
  (random, room) => deep(random, room),
  (random, room) => wide(random, room),
  () => '[]',
  () => '{}',
];

/** @type {(typeof SCALARS)[number]} */
const list = (random, room, depth) =>
  `[${times(random.upTo(4), () => value(random, room / 5, depth + 1)).join()}]`;

/** @type {(typeof SCALARS)[number]} */
const object = (random, room, depth) =>
  `{${times(random.upTo(4), () => `${JSON.stringify(random.of(NAMES))}:${value(random, room / 5, depth + 1)}`).join()}}`;

/** @param {Rand} random @param {number} room */
function deep(random, room) {
  const [open, close] = random.of([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"__proto__":', '}]'],
    ['{"toJSON":[', ']}'],
  ]);
  const levels = random.of([100, 500, 513, 521, 6_000, room / (open.length + close.length)]);
  const depth = Math.min(Math.floor(levels), Math.floor(room / (open.length + close.length)));
  // Left open, it isn't JSON.
  return open.repeat(depth) + value(random, 8, 9) + (random.chance(0.9) ? close.repeat(depth) : '');
}

/** @param {Rand} random @param {number} room */
function wide(random, room) {
  const item = random.of(['0', '[]', '{}', '""', '"ab"', '{"a":1}', '[[]]', '1.5', 'null']);
  const n = Math.floor(random.upTo(room) / (item.length + 12));
  return random.chance(0.5)
    ? `[${Array(n).fill(item).join()}]`
    : `{${times(n, (i) => `"k${i}":${item}`).join()}}`;
}

/** A value of the right type, or now and then any. @param {Rand} random @param {number} room @param {string} right */
const maybe = (random, room, right) => (random.chance(0.03) ? value(random, room) : right);

/** @param {Rand} random @param {number} room */
function start(random, room) {
  const usage = maybe(random, room, '{"input_tokens":1,"output_tokens":1}');
  const content = random.chance(0.1) ? `[${block(random, room)}]` : maybe(random, room, '[]');
  const id = maybe(random, room, '"msg_1"');
  return `{"type":"message_start","message":${maybe(random, room, `{"id":${id},"type":"message","role":"assistant","model":"m","content":${content},"stop_reason":null,"stop_sequence":null,"usage":${usage}}`)}}`;
}

/** @param {Rand} random @param {number} room */
function block(random, room) {
  const type = random.of(BLOCKS);
  const input = maybe(random, room, '{}');
  const more = random.chance(0.1)
    ? `,${JSON.stringify(random.of(NAMES))}:${value(random, room)}`
    : '';
  return maybe(
    random,
    room,
    `{"type":${maybe(random, room, JSON.stringify(type))},"text":${maybe(random, room, '""')},"thinking":"","input":${input},"id":${maybe(random, room, '"t"')},"name":"f"${more}}`,
  );
}

/** @param {Rand} random @param {number} room @param {string | number} index */
function blockStart(random, room, index) {
  return `{"type":"content_block_start","index":${maybe(random, room, `${index}`)},"content_block":${block(random, room)}}`;
}

/** @param {Rand} random @param {number} room @param {string | number} index */
function delta(random, room, index) {
  const [type, brings] = random.of(DELTAS);
  const piece = maybe(
    random,
    room,
    JSON.stringify(random.of(['a', 'some text ', '[', '{"a":', '1,', '"', ...TEXTS])),
  );
  const more = random.chance(0.05)
    ? `,${JSON.stringify(random.of(NAMES))}:${value(random, room)}`
    : '';
  return `{"type":"content_block_delta","index":${maybe(random, room, `${index}`)},"delta":${maybe(random, room, `{"type":"${type}","${brings}":${piece}${more}}`)}}`;
}

/** @param {number | string} index */
const blockStop = (index) => `{"type":"content_block_stop","index":${index}}`;

/** @param {Rand} random @param {number} room */
function messageDelta(random, room) {
  const usage = random.chance(0.5)
    ? maybe(random, room, '{"output_tokens":2}')
    : object(random, room, 0);
  const more = random.chance(0.2)
    ? `,${JSON.stringify(random.of(NAMES))}:${value(random, room)}`
    : '';
  return `{"type":"message_delta","delta":${maybe(random, room, '{"stop_reason":"end_turn","stop_sequence":null}')},"usage":${usage}${more}}`;
}

/** @param {Rand} random @param {number} room */
const unknown = (random, room) =>
  `{"type":${JSON.stringify(random.of([...NAMES, 'brand_new', 'millrace.restart', 'restart']))},"index":${random.upTo(3)},"x":${value(random, room)}}`;

/** @param {Rand} random @param {number} room */
const failure = (random, room) =>
  `{"type":"error","error":${maybe(random, room, `{"type":${maybe(random, room, '"overloaded_error"')},"message":${maybe(random, room, JSON.stringify(`x${random.of(TEXTS).repeat(random.upTo(room / 8))}y`))}}`)},"request_id":${maybe(random, room, '"req_1"')}}`;

/** A frame, in one of the shapes that servers use. @param {Rand} random @param {string} data */
function frame(random, data) {
  if (random.chance(0.9))
    return `event: ${/^\{"type":"([\w.]+)"/.exec(data.slice(0, 60))?.[1] ?? 'x'}\ndata: ${data}\n\n`;
  const end = random.of(['\n', '\r\n', '\r']);
  return random.of([
    `data:${data}${end}${end}`,
    `: hi${end}data: ${data}${end}${end}`,
    `id: 1${end}event:${end}data: ${data}${end}${end}`,
  ]);
}

/** @typedef {(random: Rand, bytes: number) => Iterable<string>} Kind */

/** Everything, a bit of each. @type {Kind} */
function* mixed(random, bytes) {
  const room = bytes / 4;
  if (random.chance(0.95)) yield frame(random, start(random, room));
  let next = 0;
  while (random.chance(0.97)) {
    const index = random.upTo(Math.max(0, next));
    const make = random.of([
      () => blockStart(random, room, next++),
      () => delta(random, room, index),
      () => delta(random, room, index),
      () => delta(random, room, index),
      () => blockStop(index),
      () => messageDelta(random, room),
      () => unknown(random, room),
      () => '{"type":"ping"}',
      () => (random.chance(0.1) ? failure(random, room) : '{"type":"ping"}'),
      () => (random.chance(0.1) ? value(random, room) : '{"type":"ping"}'),
    ]);
    yield frame(random, make());
  }
  if (random.chance(0.8)) yield frame(random, messageDelta(random, 8));
  if (random.chance(0.8)) yield frame(random, '{"type":"message_stop"}');
}

/** One dimension until the bytes are used up. @type {Kind} */
function* flood(random, bytes) {
  const [before, make] = random.of(FLOODS)(random, bytes);
  yield before;
  let sent = 0;
  for (let i = 0; sent < bytes; i++) {
    const piece = make(i);
    sent += piece.length;
    yield piece;
  }
  if (random.chance(0.7))
    yield `${frame(random, messageDelta(random, 8))}${frame(random, '{"type":"message_stop"}')}`;
}

const START =
  'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}}\n\n';
/** @param {string} data */
const plain = (data) => `data: ${data}\n\n`;
const TEXT_BLOCK = plain(
  '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
);
const TOOL_BLOCK = plain(
  '{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}',
);
/** @param {string} type @param {string} brings @param {string} piece */
const change = (type, brings, piece) =>
  plain(`{"type":"content_block_delta","index":0,"delta":{"type":"${type}","${brings}":${piece}}}`);

/** @type {readonly ((random: Rand, bytes: number) => [before: string, make: (i: number) => string])[]} */
const FLOODS = [
  (random) => [random.chance(0.5) ? START : '', () => plain('{"type":"ping"}')],
  (random) => [random.chance(0.5) ? START : '', () => ': keep-alive\n\n'],
  () => ['', () => '\n\r\n\r'],
  () => [START, (i) => plain(`{"type":"brand_new","i":${i}}`)],
  () => [START + TEXT_BLOCK, (i) => change('brand_new_delta', 'i', `${i}`)],
  () => [START + TEXT_BLOCK, () => change('text_delta', 'text', '"some text "')],
  () => [START + TEXT_BLOCK, () => change('text_delta', 'text', '""')],
  (random, bytes) => [
    START + TEXT_BLOCK,
    () => change('text_delta', 'text', JSON.stringify(random.of(TEXTS).repeat(bytes / 16))),
  ],
  () => [START + TEXT_BLOCK, (i) => change('text_delta', `k${i}":1,"text`, '"a"')],
  () => [START + TEXT_BLOCK, (i) => change('citations_delta', 'citation', `{"cited_text":"${i}"}`)],
  (random) => {
    const piece = random.of(['"["', '"{\\"a\\":"', '"1,"', '"[],"', '"\\""', '" "']);
    return [
      START + TOOL_BLOCK,
      (i) => change('input_json_delta', 'partial_json', i === 0 ? '"["' : piece),
    ];
  },
  (random) => {
    const order = random.of([
      (/** @type {number} */ i) => i,
      (/** @type {number} */ i) => 1e7 - i,
      (/** @type {number} */ i) => (i * 7_919) % 1_000_003,
    ]);
    const stop = random.chance(0.5);
    return [
      START,
      (i) =>
        plain(
          `{"type":"content_block_start","index":${order(i)},"content_block":{"type":"text","text":""}}`,
        ) + (stop ? plain(blockStop(order(i))) : ''),
    ];
  },
  () => [START, (i) => plain(`{"type":"message_delta","delta":{},"usage":{"k${i}":1}}`)],
  () => [START, (i) => plain(`{"type":"message_delta","delta":{"k${i}":1},"usage":{},"m${i}":1}`)],
  () => [
    START + TEXT_BLOCK,
    (i) =>
      plain(blockStop(0)) +
      plain(`{"type":"millrace.restart","index":0}`) +
      TEXT_BLOCK +
      plain(`{"type":"x","i":${i}}`),
  ],
  () => [`${START}data: {"type":"ping"`, () => '\ndata: '],
  () => [`${START}data: {"type":"x","a":"`, () => 'x'.repeat(100)],
  (random, bytes) => [
    START,
    () =>
      plain(
        `{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":${value(random, bytes)}}}`,
      ),
  ],
  (random, bytes) => [
    START,
    () => plain(`{"type":"message_delta","delta":{},"usage":${wide(random, bytes)}}`),
  ],
  (random, bytes) => [
    START + TEXT_BLOCK,
    () =>
      change(
        'citations_delta',
        'citation',
        random.chance(0.5) ? deep(random, bytes) : wide(random, bytes),
      ),
  ],
];

/** One JSON document, or half of it. @type {Kind} */
function* body(random, bytes) {
  let content = block(random, bytes / 8);
  const most = random.upTo(bytes);
  while (content.length < most) content += `,${block(random, bytes / 8)}`;
  const whole = random.of([
    () =>
      `{"id":"msg_1","type":"message","role":"assistant","content":[${content}],"usage":${value(random, bytes / 4)}}`,
    () => failure(random, bytes),
    () => value(random, bytes),
    () => `<html>${random.of(TEXTS).repeat(bytes / 8)}`,
    () => `${' '.repeat(bytes / 2)}{}`,
    () => '{"a":"'.concat('x'.repeat(bytes)),
  ])();
  yield random.chance(0.8) ? whole : whole.slice(0, random.upTo(whole.length));
}

/** @type {readonly Kind[]} */
const KINDS = [mixed, mixed, mixed, flood, flood, body];

/** @template T @param {number} n @param {(i: number) => T} make @returns {T[]} */
function times(n, make) {
  return Array.from({ length: Math.floor(n) }, (_, i) => make(i));
}
