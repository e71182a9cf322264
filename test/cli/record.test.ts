import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createEmulator, reply, serve } from '../../src/testing/index.js';
import { run, start } from './command.js';

it.each(['--upstream', '--base-url'])(
  'records exchanges that can be replayed: %s',
  async (option) => {
    const api = await serve(createEmulator({ replies: [reply.text('Kept.')] }));
    const dir = join(mkdtempSync(join(tmpdir(), 'millrace-')), 'recordings');
    const proxy = start(['record', '--port', '0', option, api.url, dir]);
    const [, url = ''] = await proxy.printed(/listening on (\S+)\n/);
    const answered = await run(['hello', '--base-url', url], { ANTHROPIC_API_KEY: 'sk-1' });
    expect(answered.stdout).toBe('Kept.\n');
    await proxy.printed('POST /v1/messages');
    proxy.child.kill('SIGINT');
    const { code } = await proxy.finished;
    expect(code).toBe(0);
    await api.close();
    expect(readdirSync(dir)).toEqual(['0001.jsonl']);
    expect(readFileSync(join(dir, '0001.jsonl'), 'utf8')).not.toContain('sk-1');
    expect((await run(['replay', join(dir, '0001.jsonl')])).stdout).toBe('Kept.\n');
  },
);

it.each([
  [[], 'name one folder: millrace record recordings'],
  [['a', 'b'], 'name one folder: millrace record recordings'],
  [['/dev/null/x'], "ENOTDIR: not a directory, mkdir '/dev/null/x'"],
  [['--upstream', 'http://me:pass@x', 'a'], 'omit user name and password from upstream'],
  [['--upstream', 'me:pass@x', 'a'], 'upstream must be an address such as'],
])('rejects %j', async (args, said) => {
  const { code, stderr } = await run(['record', ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(said);
});
