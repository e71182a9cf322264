import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A library that exports what it infers from this one. */
const LIBRARY = `
import Anthropic, {
  accumulate, OutputError, outputFormat, RateLimitError, toEvents, smooth, Stream, tool, toMessageParam, toolInput,
} from 'millrace';
import { SyncAnthropic } from 'millrace/sync';
const params = { model: 'm', max_tokens: 1, messages: [] };
export const client = new Anthropic();
export const messages = client.messages;
export const beta = client.beta.messages;
export const { create, stream: open, toolRunner, countTokens } = client.messages;
export const stream = client.messages.stream(params);
export const betaStream = client.beta.messages.stream(params);
export const answer = client.messages.create(params);
export const raw = client.messages.create({ ...params, stream: true });
export const withResponse = client.messages.create(params).withResponse();
export const look = tool({ name: 'look', input: { type: 'object', properties: { at: { type: 'string' } } }, run: ({ at }) => at });
export const bash = tool({ name: 'bash', type: 'bash_20250124', run: () => '' });
export const runner = client.messages.toolRunner({ ...params, tools: [look, bash] });
export const format = outputFormat({ type: 'object', properties: { n: { type: 'number' } } });
export const output = client.messages.stream({ ...params, output_config: { format } });
export const partials = output.outputStream;
export async function parts() {
  const message = await stream.getFinalMessage();
  return {
    message,
    block: message.content[0],
    web: message.content.find((block) => block.type === 'web_search_tool_result'),
    usage: message.usage,
    details: message.stop_details,
    container: message.container,
    attempts: stream.attempts,
    window: stream.rateLimit?.requests,
    issues: new OutputError('', '').issues,
    limit: new RateLimitError('').rateLimit,
  };
}
export const input = (await parts()).message.content.map((block) => block.type === 'tool_use' && toolInput(block));
export const even = smooth(stream.textStream);
export const accumulated = accumulate([]);
export const sent = Stream.rawEvents(new Response());
export const param = async () => toMessageParam(await stream.getFinalMessage());
export const events = async () => toEvents(await stream.getFinalMessage());
export async function* live() { yield* stream; }
export async function* betaLive() { yield* betaStream; }
export async function* runs() { yield* runner.events; }
export async function started() {
  for await (const event of runner.events) if (event.type === 'tool_start') return event;
  return undefined;
}
export const blocking = new SyncAnthropic();
export const { create: createNow, stream: openNow } = blocking.messages;
export const blockingMessages = blocking.messages;
export const blockingBeta = blocking.beta.messages;
export const blockingStream = blocking.messages.stream(params);
export const blockingRaw = blocking.messages.create({ ...params, stream: true });
`;

it('all that can be inferred from the package can be named by those who export it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'declarations-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules', 'millrace'), 'junction');
  const compilerOptions = {
    declaration: true,
    emitDeclarationOnly: true,
    outDir: 'out',
    rootDir: '.',
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'],
    module: 'nodenext',
    strict: true,
    types: [],
    skipLibCheck: true, // Those of the blocking client need Node's types.
  };
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const config = { compilerOptions, files: ['library.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await writeFile(join(folder, 'library.ts'), LIBRARY);
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', folder]).catch(
    (failed: { stdout: string }) => failed,
  );
  expect(stdout).toBe('');
});
