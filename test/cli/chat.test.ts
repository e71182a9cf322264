import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createEmulator,
  type Emulator,
  fault,
  reply,
  type Server,
  serve,
} from '../../src/testing/index.js';
import { run } from './command.js';
import { CTRL_C, CTRL_D, describeTerminal, type InTerminal, startInTerminal } from './terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-'));

let emulator: Emulator;
let server: Server;
let env: Record<string, string>;
/** The history. */
let chats: string;

/** Repeats the latest prompt, with the number of the request. */
beforeEach(async () => {
  emulator = createEmulator({
    replies: ({ body }) => {
      const asked = body.messages.at(-1)?.content;
      if (asked === 'fail') return reply.error('invalid_request_error', 'No.');
      if (asked === 'stall') {
        return reply.faulty(reply.text('so far '), fault.stall({ phase: 'between_blocks' }));
      }
      const text = typeof asked === 'string' ? asked : `${asked?.length} blocks`;
      return reply.text(`${emulator.requests.length}: ${text}`);
    },
  });
  server = await serve(emulator);
  const data = mkdtempSync(join(tmpdir(), 'millrace-data-'));
  chats = join(data, 'millrace', 'chats');
  env = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: server.url, XDG_DATA_HOME: data };
});

afterEach(() => server.close());

const user = (content: string) => ({ role: 'user', content });
const assistant = (text: string) => ({ role: 'assistant', content: [{ type: 'text', text }] });
const asked = (number: number) => emulator.requests[number]?.body;

describe('from a pipe', () => {
  it('sends each line as a turn, with the turns before it', async () => {
    const { code, stdout } = await run(['chat', '--system', 'Be brief'], env, 'one\n\ntwo');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1: one\n2: two\n' });
    expect(asked(1)).toMatchObject({
      system: 'Be brief',
      messages: [user('one'), assistant('1: one'), user('two')],
    });
  });

  it('sends the prompt of the command line first', async () => {
    const { stdout } = await run(['chat', 'zero', '!'], env, 'one\n');
    expect(stdout).toBe('1: zero !\n2: one\n');
  });

  it('sends the latest prompt again with /retry, and replaces its answer', async () => {
    const { stdout } = await run(['chat'], env, '/retry\none\n/retry\ntwo\n');
    expect(stdout).toBe('1: one\n2: one\n3: two\n');
    expect(asked(1)?.messages).toEqual([user('one')]);
    expect(asked(2)?.messages).toEqual([user('one'), assistant('2: one'), user('two')]);
  });

  it('sets the system prompt with /system, and shows it', async () => {
    const lines = '/system\none\n/system Be  brief\n/system\ntwo\n';
    const { stderr } = await run(['chat'], env, lines);
    expect(asked(0)).not.toHaveProperty('system');
    expect(asked(1)).toMatchObject({ system: 'Be  brief' });
    expect(stderr).toMatch(/^There is no system prompt\.$/m);
    expect(stderr).toMatch(/^Be {2}brief$/m);
  });

  it('saves the conversation with /save, and the events with --record', async () => {
    const saved = join(folder, 'saved.json');
    const kept = join(folder, 'kept.jsonl');
    const lines = `one\ntwo\n/save ${saved}\n/save /no/where\n/save\n`;
    const { stderr } = await run(['chat', '-s', 'Be brief', '--record', kept], env, lines);
    expect(JSON.parse(readFileSync(saved, 'utf8'))).toEqual({
      model: 'claude-opus-4-8',
      max_tokens: 4096,
      system: 'Be brief',
      messages: [user('one'), assistant('1: one'), user('two'), assistant('2: two')],
    });
    expect(stderr).toContain(`Saved to ${saved}.`);
    expect(stderr).toContain('/save /no/where: ENOENT');
    expect(stderr).toContain('Name a file: /save chat.json');
    expect((await run(['replay', kept])).stdout).toBe('1: one\n2: two\n');
  });

  it('lists the commands with /help, and leaves with /exit', async () => {
    const { code, stdout, stderr } = await run(['chat'], env, '/help\n/nothing\n/exit\none\n');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^ {2}\/save FILE {6}save the conversation/m);
    expect(stderr).toContain('Unknown command /nothing. /help lists all commands.');
    expect(emulator.requests).toHaveLength(0);
  });

  it('rejects names of inherited properties', async () => {
    const { code, stderr } = await run(['chat'], env, '/constructor\n');
    expect(code).toBe(0);
    expect(stderr).toContain('Unknown command /constructor. ');
  });

  it('sends a path', async () => {
    expect((await run(['chat'], env, '/etc/hosts?\n')).stdout).toBe('1: /etc/hosts?\n');
  });

  it('continues a line after a backslash, and takes lines between quotes as one message', async () => {
    const lines = 'one\\\ntwo\n"""\nthree\n\nfour\n"""\nfive\n';
    const { stdout } = await run(['chat'], env, lines);
    expect(stdout).toBe('1: one\ntwo\n2: three\n\nfour\n3: five\n');
  });

  it('changes the model with /model, and shows it', async () => {
    const { stderr } = await run(['chat'], env, '/model\n/model claude-opus-4-6\none\n');
    expect(stderr).toContain('The model is claude-opus-4-8.');
    expect(asked(0)).toMatchObject({ model: 'claude-opus-4-6' });
  });

  it('attaches files to the next message with /file', async () => {
    const file = join(folder, 'a text.md');
    writeFileSync(file, 'A text');
    const lines = `/file ${file}\n/file '${file}'\n/file nowhere\n/file\none\ntwo\n`;
    const { stdout, stderr } = await run(['chat'], env, lines);
    expect(stdout).toBe('1: 3 blocks\n2: two\n');
    expect(asked(0)?.messages[0]?.content).toMatchObject([
      { type: 'document', title: 'a text.md' },
      { type: 'document', source: { data: 'A text' } },
      { type: 'text', text: 'one' },
    ]);
    expect(stderr).toContain('/file nowhere: ENOENT');
    expect(stderr).toContain('Name a file: /file chart.png');
  });

  it('ends after the first answer that fails', async () => {
    const { code, stdout, stderr } = await run(['chat'], env, 'one\nfail\ntwo\n');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '1: one\n' });
    expect(stderr).toContain('BadRequestError');
  });
});

describe('the history', () => {
  it('has each chat, for its owner only, and --continue continues the latest', async () => {
    await run(['chat', '--model', 'claude-opus-4-6', '--system', 'Be brief'], env, 'one\n');
    const [name = ''] = readdirSync(chats);
    const file = join(chats, name);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(chats).mode & 0o777).toBe(0o700);
    const { stdout, stderr } = await run(['chat', '--continue'], env, 'two\n');
    expect(stdout).toBe('2: two\n');
    expect(stderr).toContain('Continuing with claude-opus-4-6 after 2 messages.\n');
    const messages = [user('one'), assistant('1: one'), user('two')];
    expect(asked(1)).toMatchObject({ model: 'claude-opus-4-6', system: 'Be brief', messages });
    expect(readdirSync(chats)).toEqual([name]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      model: 'claude-opus-4-6',
      max_tokens: 4096,
      system: 'Be brief',
      messages: [...messages, assistant('2: two')],
    });
  });

  it('lets the command line override what is continued', async () => {
    await run(['chat', '--system', 'Be brief'], env, 'one\n');
    await run(['chat', '-c', '-m', 'claude-opus-4-6', '-s', 'Be long', 'two'], env);
    expect(asked(1)).toMatchObject({ model: 'claude-opus-4-6', system: 'Be long' });
  });

  it('sends the latest prompt of a continued chat again with /retry', async () => {
    await run(['chat'], env, 'one\n');
    await run(['chat', '-c'], env, '/retry\n');
    expect(asked(1)?.messages).toEqual([user('one')]);
  });

  it('has no chat with --no-history', async () => {
    await run(['chat', '--no-history'], env, 'one\n');
    const { code, stderr } = await run(['chat', '--continue'], env, 'two\n');
    expect(code).toBe(2);
    expect(stderr).toContain(`--continue: there is no earlier chat in ${chats}`);
  });

  it('is listed by /load, which continues a chat of the list or of a file', async () => {
    const saved = join(folder, 'mine.json');
    await run(['chat'], env, `one\n/save ${saved}\n`);
    const { stderr } = await run(['chat'], env, '/load\n/load 1\ntwo\n');
    expect(stderr).toMatch(/^ {2}\/load 1 {3}\d{4}-\d\d-\d\d \d\d:\d\d {2}one$/m);
    expect(asked(1)?.messages).toEqual([user('one'), assistant('1: one'), user('two')]);
    expect(readdirSync(chats)).toHaveLength(1);
    await run(['chat'], env, `/load ${saved}\nthree\n`);
    expect(asked(2)?.messages).toEqual([user('one'), assistant('1: one'), user('three')]);
    expect(readdirSync(chats)).toHaveLength(2);
    expect(JSON.parse(readFileSync(saved, 'utf8')).messages).toHaveLength(2);
  });

  it.each([
    ['nowhere', undefined, 'ENOENT'],
    ['no.json', '{', 'JSON'],
    ['list.json', '[]', 'it is no chat: give a JSON object with messages'],
    ['odd.json', '{"messages":[{"role":"x","content":"a"}]}', 'it is no chat'],
    ['7', undefined, 'there is no such chat; /load lists the latest'],
  ])('loads no chat from %s', async (name, content, said) => {
    const file = content === undefined ? name : join(folder, name);
    if (content !== undefined) writeFileSync(file, content);
    const { stdout, stderr } = await run(['chat'], env, `/load ${file}\none\n`);
    expect(stdout).toBe('1: one\n');
    expect(stderr).toContain(`/load ${file}: `);
    expect(stderr).toContain(said);
  });

  it('that cannot be written is reported once', async () => {
    const { code, stdout, stderr } = await run(
      ['chat'],
      { ...env, XDG_DATA_HOME: '/dev/null' },
      'one\ntwo\n',
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1: one\n2: two\n' });
    expect(stderr.match(/this chat can't be kept: ENOTDIR/g)).toHaveLength(1);
  });
});

describeTerminal('a chat on a terminal', () => {
  const chat = (...args: string[]): InTerminal => startInTerminal(['chat', ...args], env);
  const PROMPT = '> ';

  /** Types a line, and waits for the next prompt. */
  async function say({ type, printed }: InTerminal, line: string, answer: RegExp): Promise<void> {
    type(`${line}\r`);
    await printed(new RegExp(`${answer.source}[\\s\\S]*\\n[^\\n]*> [^\\n]*$`));
  }

  it('talks turn after turn, and leaves with Ctrl-D', async () => {
    const command = chat();
    await command.printed(PROMPT);
    await say(command, 'one', /1: one/);
    await say(command, 'two', /2: two/);
    command.type(CTRL_D);
    expect((await command.finished).code).toBe(0);
    expect(asked(1)?.messages).toEqual([user('one'), assistant('1: one'), user('two')]);
  });

  it('Ctrl-C stops the answer and keeps what has arrived; the chat continues', async () => {
    const command = chat();
    await command.printed(PROMPT);
    command.type('stall\r');
    await command.printed('so far');
    command.type(CTRL_C);
    await command.printed(/cut off[\s\S]*> [^\n]*$/);
    expect(await emulator.requests[0]?.ended).toBe('left');
    await say(command, 'two', /2: two/);
    expect(asked(1)?.messages).toEqual([user('stall'), assistant('so far '), user('two')]);
    command.type('/exit\r');
    expect((await command.finished).code).toBe(0);
  });

  it('Ctrl-C twice leaves', async () => {
    const command = chat();
    await command.printed(PROMPT);
    command.type('half a line');
    await command.printed('half a line');
    command.type(CTRL_C);
    await command.printed(/Press Ctrl-C again or type \/exit to leave\.[\s\S]*> [^\n]*$/);
    command.type(CTRL_C);
    expect((await command.finished).code).toBe(130);
    expect(emulator.requests).toHaveLength(0);
  });

  it('Ctrl-C twice leaves an answer, too', async () => {
    const command = chat('stall');
    await command.printed('so far');
    command.type(`${CTRL_C}${CTRL_C}`);
    expect((await command.finished).code).toBe(130);
  });

  it('continues after a failure, and says how to try again', async () => {
    const command = chat();
    await command.printed(PROMPT);
    await say(command, 'fail', /BadRequestError[\s\S]*Type \/retry to try again\./);
    await say(command, 'two', /2: two/);
    expect(asked(1)?.messages).toEqual([user('two')]);
    command.type(CTRL_D);
    expect((await command.finished).code).toBe(0);
  });

  it('takes a paste as one message, once Enter is pressed', async () => {
    const command = chat();
    await command.printed(PROMPT);
    command.type('\u001b[200~one\rtwo\r\u001b[201~');
    await command.printed(/> one\r+\n {2}two\r+\n {2}/);
    await say(command, '', /1: one/);
    expect(asked(0)?.messages).toEqual([user('one\ntwo\n')]);
    command.type(CTRL_D);
    expect((await command.finished).code).toBe(0);
  });

  it('starts another line with Alt-Enter and with a backslash', async () => {
    const command = chat();
    await command.printed(PROMPT);
    command.type('one\u001b\r');
    command.type('two\\');
    await command.printed(/two\\/);
    command.type('\r');
    await command.printed(/two\r+\n {2}\r/);
    command.type('three');
    await command.printed('three');
    await say(command, '', /1: one/);
    expect(asked(0)?.messages).toEqual([user('one\ntwo\nthree')]);
    command.type(CTRL_D);
    await command.finished;
  });

  it('shows earlier messages with the arrow keys, also of earlier chats', async () => {
    await run(['chat'], env, 'of before\n');
    const command = chat();
    await command.printed(PROMPT);
    command.type('\u001b[A');
    await command.printed('of before');
    await say(command, ' too', /2: of before too/);
    command.type(CTRL_D);
    await command.finished;
  });

  it('shows the latest prompt and answer of a chat that it continues', async () => {
    await run(['chat'], env, 'one\ntwo\n');
    const command = chat('--continue');
    await command.printed(/after 4 messages\.[\s\S]*> two\r+\n2: two\r+\n/);
    command.type(CTRL_D);
    expect((await command.finished).stdout).not.toContain('1: one');
  });

  it('gives the terminal back as it was', async () => {
    const command = chat();
    await command.printed('\u001b[?2004h');
    command.type(CTRL_D);
    const { stdout } = await command.finished;
    expect(stdout.endsWith('\u001b[?2004l')).toBe(true);
  });

  it('shows what was typed during an answer after it', async () => {
    const command = chat('stall');
    await command.printed('so far');
    command.type('two');
    command.type(CTRL_C);
    await command.printed(/cut off[\s\S]*> two[^\n]*$/);
    await say(command, '', /2: two/);
    command.type(CTRL_D);
    const { code, stdout } = await command.finished;
    expect(code).toBe(0);
    expect(stdout.slice(0, stdout.indexOf('cut off'))).not.toContain('two');
  });
});
