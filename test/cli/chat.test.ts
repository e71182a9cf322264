import { mkdtempSync, readFileSync } from 'node:fs';
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

/** Repeats the latest prompt, with the number of the request. */
beforeEach(async () => {
  emulator = createEmulator({
    replies: ({ body }) => {
      const asked = body.messages.at(-1)?.content;
      if (asked === 'fail') return reply.error('invalid_request_error', 'No.');
      if (asked === 'stall') {
        return reply.faulty(reply.text('so far '), fault.stall({ phase: 'between_blocks' }));
      }
      return reply.text(`${emulator.requests.length}: ${asked}`);
    },
  });
  server = await serve(emulator);
  env = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: server.url };
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

  it('ends after the first answer that fails', async () => {
    const { code, stdout, stderr } = await run(['chat'], env, 'one\nfail\ntwo\n');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '1: one\n' });
    expect(stderr).toContain('BadRequestError');
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
