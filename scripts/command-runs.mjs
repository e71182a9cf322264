import { fault, reply } from '../dist/testing.js';

export const CTRL_C = '\u0003';

const MARKDOWN = '# Count lines\n\n- **wc** counts:\n\n```sh\nwc -l < "$1"\n```\n\nThat is `all`.';
const WEATHER = reply.sequence(
  reply.text('I look it up.'),
  reply.toolUse('get_weather', { city: 'Oslo', unit: 'celsius' }),
);
const TOOLS = [
  {
    name: 'get_weather',
    description: 'The weather in a city',
    input_schema: { type: 'object', properties: { city: { type: 'string' } } },
  },
];
const HAIKU = 'The mill wheel turns slow,\nwater asks for nothing back:\nbread in every house.';

/** Each run: its title, the replies of the emulator, the arguments and the keys that are typed. */
export const RUNS = [
  {
    title: 'An answer, in a pipe',
    about:
      'Text goes to stdout byte for byte, the closing line to stderr. `--usage` adds all counters.',
    replies: [reply.text(HAIKU)],
    args: ['--usage', 'A haiku about a mill'],
  },
  {
    title: 'An answer, on a terminal',
    about:
      'Escape codes are shown as `␛`. The status line is redrawn until the first word arrives, then cleared; here it is shown once. Headings and bold are bold, code has colours, items have bullets. Lines are printed once and never redrawn.',
    replies: [reply.sequence(reply.thinking('They want a shell script.'), reply.text(MARKDOWN))],
    args: ['--thinking', 'A script that counts lines'],
    keys: [],
    withCodes: true,
  },
  {
    title: 'Without an API key',
    about: 'The built-in emulator replies with a built-in story.',
    args: ['Tell me about a word'],
  },
  {
    title: '`--json`: the finished message',
    replies: [reply.text('4')],
    args: ['--json', 'What is 2+2?'],
  },
  {
    title: '`--jsonl`: the events as they arrive',
    replies: [reply.text('4')],
    args: ['--jsonl', 'What is 2+2?'],
  },
  {
    title: '`--extract`: the first fenced block',
    replies: [reply.text(MARKDOWN)],
    args: ['--extract', 'A script that counts lines'],
  },
  {
    title: '`--tools`: the input of tools, live',
    replies: [WEATHER],
    files: { 'tools.json': JSON.stringify(TOOLS) },
    args: ['--tools', 'tools.json', 'How is the weather in Oslo?'],
  },
  {
    title: '`--file`: images and documents',
    replies: [reply.text('It lists two mills.')],
    files: { 'mills.csv': 'name,year\nHarrow,1790\nEnd,1803\n' },
    args: ['--file', 'mills.csv', 'What is in it?'],
  },
  {
    title: '`--smooth`: an even pace',
    about: 'The text is the same; only its timing differs.',
    replies: [reply.text(HAIKU)],
    args: ['--smooth', 'A haiku about a mill'],
  },
  {
    title: '`--recover`: the rest of an answer that broke off',
    replies: [reply.faulty(reply.text(HAIKU), fault.cut({ event: 8 }))],
    args: ['--recover', 'A haiku about a mill'],
  },
  {
    title: 'A failure',
    about: 'Each class of errors has its exit code; `millrace --help` lists them.',
    replies: [reply.error('not_found_error', 'model: claude-opus-9')],
    args: ['--model', 'claude-opus-9', 'Hello'],
  },
  {
    title: 'A timeout',
    replies: [reply.faulty(reply.text(HAIKU), fault.stall({ event: 8 }))],
    args: ['--timeout', 'idle=200ms', 'A haiku about a mill'],
  },
  {
    title: 'Ctrl-C',
    about: 'The request is closed; the text received so far stays.',
    replies: [reply.faulty(reply.text(HAIKU), fault.stall({ event: 8 }))],
    args: ['A haiku about a mill'],
    keys: [['turns', CTRL_C]],
  },
  {
    title: '`chat`: turn by turn',
    about: 'Ctrl-C stops the second answer; `/retry` requests it again.',
    replies: [
      reply.text('A mill grinds grain.'),
      reply.faulty(reply.text('By water, or by '), fault.stall({ phase: 'between_blocks' })),
      reply.text('By water, or by wind.'),
    ],
    args: ['chat'],
    keys: [
      ['> ', 'What does a mill do?\r'],
      [/grain\.[\s\S]*> /, 'What moves it?\r'],
      ['or by', CTRL_C],
      [/cut off[\s\S]*> /, '/retry\r'],
      [/wind\.[\s\S]*> /, '/save chat.json\r'],
      [/Saved[\s\S]*> /, '/exit\r'],
    ],
  },
  {
    title: '`chat`, in a pipe',
    about: 'Each line is a turn.',
    replies: [reply.text('A mill grinds grain.'), reply.text('By water, or by wind.')],
    args: ['chat', '--system', 'You are a miller'],
    input: 'What does a mill do?\nWhat moves it?\n',
  },
  {
    title: '`tokens`: count the tokens of a prompt',
    replies: [],
    args: ['tokens', 'A haiku about a mill'],
  },
  {
    title: '`--record` and `replay`',
    about: 'The events of an answer are recorded, and replayed without the API.',
    replies: [reply.text(HAIKU)],
    args: ['--record', 'haiku.jsonl', 'A haiku about a mill'],
    after: { args: ['replay', 'haiku.jsonl'] },
  },
  {
    title: '`serve`: the emulator for any client',
    args: ['serve', '--port', '0'],
    keys: [
      [/listening on (\S+)/, (url) => ask(url)],
      ['POST', CTRL_C],
    ],
  },
  {
    title: '`record`: record the exchanges of any client',
    about:
      '`millrace replay recordings/0001.jsonl` replays it, `millrace serve --replay recordings` serves it.',
    replies: [reply.text('Hello!')],
    args: ['record', '--port', '0', 'recordings'],
    keys: [
      [/listening on (\S+)/, (url) => ask(url)],
      ['POST', CTRL_C],
    ],
  },
];

async function ask(url) {
  const response = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': 'key', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({
      model: 'claude-opus-4-8',
      max_tokens: 99,
      messages: [{ role: 'user', content: 'Hi' }],
    }),
  });
  await response.text();
}
