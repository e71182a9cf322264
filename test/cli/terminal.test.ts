import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createEmulator,
  type Emulator,
  fault,
  type Reply,
  reply,
  type Server,
  serve,
} from '../../src/testing/index.js';
import { describeTerminal, startInTerminal } from './terminal.js';

const MARKDOWN = '# A title\n\n- **one**\n- `two`\n\n```js\nlet a;\n```\nEnd \u001b[2J.';

const REPLIES: Readonly<Record<string, Reply>> = {
  markdown: reply.text(MARKDOWN),
  thought: reply.sequence(reply.thinking('Hm, well.'), reply.text('Yes.')),
  tool: reply.toolUse('get_weather', { city: 'Oslo' }),
  wait: reply.faulty(reply.text('Never.'), fault.stall({ event: 'content_block_start' })),
};

/** Makes escape codes visible, and removes those between tokens of one style. */
const readable = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll('\u001b', '␛')
    .replace(/␛\[22m␛\[2m|␛\[22m␛\[1m|␛\[39m␛\[36m/g, '');

describeTerminal('on a terminal', () => {
  let emulator: Emulator;
  let server: Server;
  let env: Record<string, string>;

  beforeAll(async () => {
    emulator = createEmulator({
      replies: ({ body }) => REPLIES[String(body.messages[0]?.content)] as Reply,
    });
    server = await serve(emulator);
    env = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: server.url };
  });

  afterAll(() => server.close());

  /** What stays on the screen: without the status line, which is cleared. */
  async function screen(
    args: string[],
    more: Record<string, string> = {},
    redirect = '2>/dev/null',
  ): Promise<string> {
    const { code, stdout } = await startInTerminal(args, { ...env, ...more }, redirect).finished;
    expect(code).toBe(0);
    return readable(stdout);
  }

  it('shows Markdown, each line once, and no escape codes of the model', async () => {
    const lines = [
      '␛[1mA title␛[22m',
      '',
      '• ␛[1mone␛[22m',
      '• ␛[36mtwo␛[39m',
      '',
      `␛[2m${'── js '.padEnd(40, '─')}␛[22m`,
      '␛[35mlet␛[39m a;',
      `␛[2m${'─'.repeat(40)}␛[22m`,
      'End \ufffd[2J.',
      '',
    ];
    expect(await screen(['markdown'])).toBe(lines.join('\n'));
  });

  it.each([
    ['NO_COLOR', { NO_COLOR: '1' }],
    ['a dumb terminal', { TERM: 'dumb' }],
  ])('shows plain text for %s', async (_, more) => {
    expect(await screen(['markdown'], more)).toBe(`${MARKDOWN.replace('\u001b', '\ufffd')}\n`);
  });

  it('shows thinking dim', async () => {
    expect(await screen(['--thinking', 'thought'])).toBe('␛[2mHm, well.␛[22m\n\nYes.\n');
  });

  it('shows the input of a tool as it is written', async () => {
    const shown = '␛[2mget_weather ␛[22m␛[36m{"city":"Oslo"}␛[39m\n';
    expect(await screen(['tool'])).toBe(shown);
  });

  it('shows a status while it waits, and clears it before the first word', async () => {
    const [status = '', rest] = (await screen(['thought'], {}, '')).split(/\r␛\[K(?=␛\[2mHm)/);
    expect(status).toMatch(/^(\r␛\[K␛\[2mclaude-opus-4-8 · \d+\.\d s␛\[22m)+$/);
    expect(rest).toMatch(/Yes\.\n␛\[2mclaude-opus-4-8 · .* · end_turn␛\[22m\n$/);
  });

  it('has no status in a pipe', async () => {
    expect(await screen(['thought'], {}, '2>&1 | cat')).toMatch(/^Yes\.\nclaude-opus-4-8 · .*\n$/);
  });

  it('Ctrl-C ends the wait', async () => {
    const command = startInTerminal(['wait'], env);
    await command.printed(/· \d+\.[1-9] s/);
    command.type('\u0003');
    const { code, stdout } = await command.finished;
    expect(code).toBe(130);
    expect(stdout).toContain('cut off');
    expect(await emulator.requests.at(-1)?.ended).toBe('left');
  });
});
