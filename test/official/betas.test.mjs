import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const OFFICIAL = new URL('./node_modules/@anthropic-ai/sdk/', import.meta.url);
const SOURCE = new URL('../../src/', import.meta.url);

const read = (base, path) => readFileSync(new URL(path, base), 'utf8');

const quoted = (text) => [...text.matchAll(/'([a-z0-9_-]+)'/g)].map(([, name]) => name);

test('the emulator knows every beta', () => {
  const [, union] = /type AnthropicBeta = ([^;]*);/.exec(
    read(OFFICIAL, 'resources/beta/beta.d.ts'),
  );
  const known = new Set(quoted(read(SOURCE, 'testing/check/known-betas.ts')));
  const official = quoted(union).map((name) => name.replace(/-\d{4}-\d{2}-\d{2}$/, ''));
  assert.ok(official.length > 50);
  assert.deepEqual(
    official.filter((name) => !known.has(name)),
    [],
  );
});

test('the emulator knows every model', () => {
  const [, union] = /type Model = ([^;]*);/.exec(
    read(OFFICIAL, 'resources/messages/messages.d.ts'),
  );
  const known = new Set(quoted(read(SOURCE, 'testing/model/model-rows.ts')));
  assert.deepEqual(
    quoted(union).filter((name) => !known.has(name)),
    [],
  );
});

test('the emulator knows every tool', () => {
  const types = read(OFFICIAL, 'resources/beta/messages/messages.d.ts');
  const known = new Set(read(SOURCE, 'testing/check/tools.ts').match(/[a-z][a-z0-9_]+/g));
  const [, union] = /type BetaToolUnion = ([^;]*);/.exec(types);
  const interfaces = union.split(' | ').filter((name) => name !== 'BetaTool');
  const tools = interfaces.flatMap((name) => {
    const [, body] = new RegExp(`interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(types);
    const [, type] = /^ {4}type: (.*);$/m.exec(body);
    return quoted(type);
  });
  assert.ok(tools.length > 20);
  assert.deepEqual(
    tools.filter((name) => !known.has(name)),
    [],
  );
});

test('each code of an error has a name', () => {
  const known = new Set(quoted(read(SOURCE, 'wire/errors.ts')));
  const files = readdirSync(new URL('resources/messages/', OFFICIAL)).filter((name) =>
    name.endsWith('.d.ts'),
  );
  const codes = ['messages.d.ts', ...files].flatMap((name) =>
    [
      ...read(OFFICIAL, `resources/messages/${name}`).matchAll(
        /interface \w+ErrorDetails \{[^}]*?error_code: '(\w+)'/g,
      ),
    ].map(([, code]) => code),
  );
  assert.ok(codes.length > 15);
  assert.deepEqual(
    codes.filter((code) => !known.has(code)),
    [],
  );
});
