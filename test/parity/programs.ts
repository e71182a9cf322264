import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { compile } from '../docs/snippets.js';
import { type Client, codeOf, type Row } from './row.js';

/** The rows that have code for a client. */
export function runnable(rows: readonly Row[], client: Client): Row[] {
  return rows.filter((row) => codeOf(row, client) !== undefined);
}

/**
 * Compiles the code of all rows for a client to one program, which runs the row that it is given.
 * @returns its file.
 * @throws with the compiler's output.
 */
export async function compileRows(rows: readonly Row[], client: Client): Promise<string> {
  const cases = runnable(rows, client).map(
    (row) => `  // ${row.python.replaceAll('\n', ' ')}
  ${JSON.stringify(row.python)}: ${FUNCTIONS[client]} {
${codeOf(row, client)}
  },`,
  );
  const code = `${PRELUDE[client]}
const rows: Record<string, () => void | Promise<void>> = {
${cases.join('\n')}
};
await rows[process.argv[2] as string]!();
`;
  const folder = await compile([{ name: client, code }], `parity-${client}`);
  return `${folder}${client}.js`;
}

const FUNCTIONS: Readonly<Record<Client, string>> = {
  awaiting: 'async () =>',
  blocking: '() =>',
};

/** What the code of a row may use. */
const SHARED = `import { spawn } from 'node:child_process';
import {
  Anthropic, AnthropicError, APIConnectionError, APIError, APIStatusError, APITimeoutError,
  APIUserAbortError, InternalServerError, type MessageParam, type MessageStreamParams, outputFormat,
  OverloadedError, RateLimitError, Stream, tool, type Tool, toMessageParam, type ToolResultBlockParam,
} from 'millrace';
const write = (text: string): void => void process.stdout.write(text);
const params = {
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user' as const, content: 'Hello' }],
} satisfies MessageStreamParams;
// Again where the first was too early: the thread that hears of it takes a moment to start.
const pressCtrlC = (): void => {
  const press = \`kill -INT \${process.pid} || exit\`;
  spawn('sh', ['-c', \`sleep 0.5; \${press}; sleep 4; \${press}; sleep 4; \${press}\`], { stdio: 'ignore' }).unref();
};
const tools: Tool[] = [{ name: 'get_weather', input_schema: { type: 'object' } }];
// What a row does not use.
void [
  Anthropic, AnthropicError, APIConnectionError, APIError, APIStatusError, APITimeoutError,
  APIUserAbortError, InternalServerError, outputFormat, OverloadedError, RateLimitError, Stream, tool,
  pressCtrlC, toMessageParam, tools,
];
export type Unused = [MessageParam, ToolResultBlockParam];
`;

const PRELUDE: Readonly<Record<Client, string>> = {
  awaiting: `import { smooth } from 'millrace';
${SHARED}
const client = new Anthropic();
const ITERATOR: typeof Symbol.asyncIterator = Symbol.asyncIterator;
`,
  blocking: `import { smooth, SyncAnthropic } from 'millrace/sync';
${SHARED}
const client = new SyncAnthropic();
const ITERATOR: typeof Symbol.iterator = Symbol.iterator;
`,
};

const run = promisify(execFile);

/** What the program of a client prints for a row. */
export async function outputOf(file: string, row: Row, baseURL: string): Promise<string> {
  const env = { ...process.env, ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: baseURL };
  const { stdout, stderr } = await run(process.execPath, [file, row.python], {
    env,
    timeout: 15_000,
  });
  return stdout + stderr;
}
