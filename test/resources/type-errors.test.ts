import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';

/*
 * What TypeScript says of a wrong param: its first error must name that param, and stand where it is.
 * With overloads it would say "No overload matches this call" at the call.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A wrong call, what is wrong in it, and where. `…` are the params that are right. */
// biome-ignore format: a table
const CALLS: readonly [call: string, at: string, error: string][] = [
  [`messages.create({ …, max_tokens: 'x' })`, 'max_tokens', `Type 'string' is not assignable to type 'number'.`],
  [`messages.create({ …, max_tokens: 'x', stream: true })`, 'max_tokens', `Type 'string' is not assignable to type 'number'.`],
  [`messages.create({ …, max_tokens: 'x', stream })`, 'max_tokens', `Type 'string' is not assignable to type 'number'.`],
  [`messages.create({ …, stream: 'yes' })`, 'stream', `Type 'string' is not assignable to type 'boolean | undefined'.`],
  [`messages.create({ …, messages: [{ role: 'bot', content: 'Hi' }] })`, 'role', `Type '"bot"' is not assignable to type '"assistant" | "system" | "user"'.`],
  [`messages.create({ …, stop_sequence: ['END'] })`, 'stop_sequence', `'stop_sequence' does not exist in type 'MessageStreamParams & { stream?: undefined; }'. Did you mean to write 'stop_sequences'?`],
  [`messages.create({ …, betas: ['a'] })`, 'betas', `'betas' does not exist in type`],
  [`messages.create({ model: 'm', messages: [] })`, '{ model', `Property 'max_tokens' is missing in type`],
  [`messages.create({ … }, { maxRetry: 1 })`, 'maxRetry', `'maxRetry' does not exist in type 'RequestOptions'.`],
  [`messages.stream({ …, max_tokens: 'x' })`, 'max_tokens', `Type 'string' is not assignable to type 'number'.`],
  [`messages.stream({ …, temprature: 1 })`, 'temprature', `Did you mean to write 'temperature'?`],
  [`messages.stream({ …, output_config: { effort: 3 } })`, 'effort', `Type 'number' is not assignable to type`],
  [`messages.stream({ …, output_config: { format: 3 } })`, 'format', `Type 'number' is not assignable to type 'JSONOutputFormat'.`],
  [`messages.stream({ …, output_config: { format: outputFormat({}) }, max_tokens: 'x' })`, 'max_tokens', `Type 'string' is not assignable to type 'number'.`],
  [`messages.stream({ … }, { maxTurns: 1 })`, 'maxTurns', `'maxTurns' does not exist in type 'StreamOptions'.`],
  [`messages.toolRunner({ …, tools: [], max_tokens: 'x' })`, 'max_tokens', `Type 'string' is not assignable to type 'number'.`],
  [`messages.toolRunner({ …, tools: 3 })`, 'tools', `Type 'number' is not assignable to type 'readonly RunnerTool[]'.`],
  [`messages.toolRunner({ … })`, '{ model', `Property 'tools' is missing in type`],
  [`messages.toolRunner({ …, tools: [] }, { maxTurn: 1 })`, 'maxTurn', `Did you mean to write 'maxTurns'?`],
  [`messages.countTokens({ …params, model: 3 })`, 'model', `Type 'number' is not assignable to type 'Model'.`],
  [`messages.countTokens({ … })`, 'max_tokens', `'max_tokens' does not exist in type`],
  [`beta.messages.create({ …, betas: 'a' })`, 'betas', `Type 'string' is not assignable to type 'readonly string[]'.`],
  [`beta.messages.stream({ …, max_tokens: 'x' })`, 'max_tokens', `Type 'string' is not assignable to type 'number'.`],
  [`messages.create({ …, timeout: 5 })`, 'timeout', `'timeout' does not exist in type`],
  [`messages.stream({ …, maxRetries: 5 })`, 'maxRetries', `'maxRetries' does not exist in type`],
  [`messages.stream({ …, extra_body: {} })`, 'extra_body', `'extra_body' does not exist in type`],
  [`messages.toolRunner({ …, tools: [], signal: null })`, 'signal', `'signal' does not exist in type`],
  [`messages.countTokens({ …params, model: 'm', headers: {} })`, 'headers', `'headers' does not exist in type`],
  [`beta.messages.stream({ …, extraBody: {} })`, 'extraBody', `'extraBody' does not exist in type`],
  [`messages.stream({ … }, { timeout: null })`, 'timeout', `Type 'null' is not assignable to type 'Timeout | undefined'.`],
  [`messages.stream({ … }, { timeout: '120' })`, 'timeout', `Type 'string' is not assignable to type`],
  [`messages.stream({ … }, { headers: {} })`, 'headers', `'headers' does not exist in type 'StreamOptions'.`],
  [`messages.stream({ … }, { extraQuery: { a: [] } })`, 'a', `Type 'never[]' is not assignable to type`],
  [`withOptions({ maxRetry: 1 })`, 'maxRetry', `'maxRetry' does not exist in type 'ClientOptions'.`],
];

const RIGHT = `model: 'm', max_tokens: 1, messages: []`;
const HEAD = `
import { Anthropic, outputFormat } from '${root}dist/types/index.js';
declare const client: Anthropic;
declare const stream: boolean;
`;

/** The line of a call: alone, so that its errors can be told from those of others. */
function lineOf(call: string): string {
  const written = call
    .replace('…params', `messages: []`)
    .replace('…, max_tokens:', `model: 'm', messages: [], max_tokens:`)
    .replace('…, messages:', `model: 'm', max_tokens: 1, messages:`)
    .replace(/…(.*), max_tokens: 'x'/, `model: 'm', messages: []$1, max_tokens: 'x'`)
    .replace('…', RIGHT);
  return `client.${written};`;
}

/** The first error in each line: where, and what. */
let errors: ReadonlyMap<number, { column: number; text: string }>;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'type-errors-'));
  await writeFile(join(folder, 'calls.ts'), HEAD + CALLS.map(([call]) => lineOf(call)).join('\n'));
  const compilerOptions = { noEmit: true, types: [] };
  const config = { extends: `${root}tsconfig.base.json`, compilerOptions, files: ['calls.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', folder]).catch(
    (failed: { stdout: string }) => failed,
  );
  errors = firstErrors(stdout);
});

function firstErrors(output: string): typeof errors {
  const found = new Map<number, { column: number; text: string }>();
  for (const report of output.split(/\n(?=\S)/)) {
    const [, line, column, text] =
      /calls\.ts\((\d+),(\d+)\): error TS\d+: (.*)$/s.exec(report) ?? [];
    if (text === undefined) throw new Error(`not of the calls: ${report}`);
    if (!found.has(Number(line))) found.set(Number(line), { column: Number(column), text });
  }
  return found;
}

it.each(CALLS)('%s: the error is at %s', (call, at, message) => {
  const number = HEAD.split('\n').length + CALLS.findIndex(([other]) => other === call);
  const error = errors.get(number);
  expect(error?.text).toContain(message);
  expect(error?.text).not.toContain('overload');
  expect(lineOf(call).slice((error?.column ?? 0) - 1)).toMatch(new RegExp(`^${at}`));
});
