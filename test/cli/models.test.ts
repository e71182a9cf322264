import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Anthropic, type ModelInfo } from '../../src/index.js';
import { createEmulator, serve } from '../../src/testing/index.js';
import { run } from './command.js';

it('lists the models of all pages, aligned or as JSON', async () => {
  await using server = await serve(createEmulator({ apiKey: 'key', replies: [] }));
  const env = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: server.url };
  const client = new Anthropic({ apiKey: 'key', baseURL: server.url });
  const models: ModelInfo[] = [];
  for await (const model of client.models.list()) models.push(model);
  const json = await run(['models', '--json'], env);
  expect(json).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(json.stdout)).toEqual(models);
  const { code, stdout, stderr } = await run(['models'], env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [head = '', ...lines] = stdout.trimEnd().split('\n');
  expect(head).toMatch(/^ID +CONTEXT +OUTPUT +NAME$/);
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual(
    models.map((it) => [it.id, `${it.max_input_tokens}`, `${it.max_tokens}`, it.display_name]),
  );
  for (const [at, line] of lines.entries()) {
    expect(line.slice(head.indexOf('NAME'))).toBe(models[at]?.display_name);
  }
});

it('shows a dash for what a server leaves out, and follows its pages', async () => {
  const pages = [
    { data: [{ type: 'model', id: 'first' }], has_more: true, first_id: 'first', last_id: 'first' },
    { data: [{ type: 'model', id: 'b', display_name: 'B\nb' }], has_more: false, last_id: 'b' },
  ];
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(pages.shift()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { stdout } = await run(['models', '--base-url', `http://127.0.0.1:${port}`]);
  expect(stdout.split('\n')).toEqual([
    'ID     CONTEXT  OUTPUT  NAME',
    'first  -        -       -',
    'b      -        -       B b',
    '',
  ]);
});

it('without a key lists those of the emulator', async () => {
  const { code, stdout, stderr } = await run(['models']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^claude-opus-4-8 +\d+ +\d+ +Claude/m);
  expect(stderr).toBe(
    'millrace: ANTHROPIC_API_KEY is not set: the built-in emulator lists its models\n',
  );
});

it('takes no operands, and reports what the API refuses', async () => {
  expect(await run(['models', 'x'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("unexpected argument 'x': models takes options only"),
  });
  await using server = await serve(createEmulator({ apiKey: 'key', replies: [] }));
  const env = { ANTHROPIC_API_KEY: 'wrong', ANTHROPIC_BASE_URL: server.url };
  const refused = await run(['models'], env);
  expect(refused).toMatchObject({ code: 4, stdout: '' });
  expect(refused.stderr).toContain('AuthenticationError');
});
