import { isRecord } from '../json/is-record.js';
import { toolInput } from '../message/tool-input.js';
import { listIssues } from '../schema/issues.js';
import type { StandardResult } from '../schema/standard-schema.js';
import { isError, thrownText } from '../thrown.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import type { ToolResultBlockParam, ToolResultContent } from '../wire/content-params.js';
import { type Steps, wait } from './steps.js';
import type { Deferred, RunnableServerTool, RunnableTool, ToolReturn } from './tool.js';
import { ToolError } from './tool-error.js';

/** A call that is about to run. */
export interface ToolCall {
  /** The id of this approval, the same as in the `tool_approval` event. Unique in the run. */
  id: string;
  toolUse: ToolUseBlock;
  /** As the tool will receive it: valid. */
  input: unknown;
  /** Fires when the result isn't wanted any more. */
  signal: AbortSignal;
}

/** Decides on a call: true runs it; false, or a reason, denies it, and the model is told. */
export type Approve = (call: ToolCall) => Verdict | Promise<Verdict>;

/** True runs a call; false, or a reason, denies it. */
export type Verdict = boolean | string;

/** Gets a verdict. @param asked called when the question is being asked. */
export type Ask = (call: ToolCall, asked: () => void) => Verdict | Promise<Verdict>;

/** What a call needs. */
export interface CallSetup {
  tools: ReadonlyMap<string, RunnableTool | RunnableServerTool>;
  ask: (call: Omit<ToolCall, 'id'>) => Verdict | Promise<Verdict>;
  signal: AbortSignal;
  /** Runs a tool in the async context of the `toolRunner()` call. */
  inContext: <T>(work: () => T) => T;
  /** The tool is about to run. @returns a promise to wait for before it does. */
  started: () => Promise<void> | undefined;
  /** Runs the tool where it is traced. */
  within: <T>(work: () => T) => T;
  emit: (update: unknown) => void;
}

const DEFERRED: Deferred = { isDeferred: true };

/**
 * The result of a call; undefined where the tool deferred it. A tool never runs on incomplete input; every
 * failure becomes a result that the model can act on.
 * @throws what `approve` throws; the signal's reason.
 */
export function* runCall(
  toolUse: ToolUseBlock,
  { tools, ask, signal, inContext, started, within, emit }: CallSetup,
): Steps<ToolResultBlockParam | undefined> {
  const tool = tools.get(toolUse.name);
  if (tool === undefined) return failed(toolUse, unknownTool(toolUse, [...tools.keys()]));
  const problem = inputProblem(toolUse);
  if (problem !== undefined) return failed(toolUse, problem);
  const valid = yield* validated(tool, toolUse.input);
  if (valid.issues !== undefined) return failed(toolUse, invalidInput(toolUse, valid.issues));
  const input = valid.value;
  const verdict = yield* wait(ask({ toolUse, input, signal }), 'approve');
  if (verdict !== true) return failed(toolUse, denied(verdict));
  signal.throwIfAborted();
  const isRecorded = started();
  // A reader that blocks gets the start before the tool runs, and may end the run there.
  yield;
  if (isRecorded !== undefined) yield* wait(isRecorded, 'the log of the run');
  signal.throwIfAborted();
  try {
    const context = { signal, toolUse, emit, defer: () => DEFERRED };
    const result = inContext(() => within(() => tool.run(input, context)));
    const value = yield* wait(result, `the tool ${toolUse.name}`);
    return value === DEFERRED ? undefined : succeeded(toolUse, value);
  } catch (error) {
    const isToolError = isError(error) && error instanceof ToolError;
    return failed(toolUse, isToolError ? error.content : thrownString(error));
  }
}

/** A result that says why the call has none. */
export function failed(
  toolUse: ToolUseBlock,
  content: NonNullable<ToolResultBlockParam['content']>,
): ToolResultBlockParam {
  return { ...resultOf(toolUse), content, is_error: true };
}

function succeeded(toolUse: ToolUseBlock, returned: ToolReturn): ToolResultBlockParam {
  const result = resultOf(toolUse);
  if (returned === undefined || returned === null) return result;
  if (typeof returned === 'string' || isContent(returned)) return { ...result, content: returned };
  const content = jsonOf(returned);
  if (content !== undefined) return { ...result, content };
  const what = `The tool ${toolUse.name} returned a value of type ${typeof returned}`;
  return failed(toolUse, `${what}: it must return a string, content blocks, or a value for JSON.`);
}

/** Blocks that a result can have. Any other array is data. */
const CONTENT: ReadonlySet<unknown> = new Set([
  'text',
  'image',
  'document',
  'search_result',
  'tool_reference',
] satisfies ToolResultContent['type'][]);

function isContent(value: unknown): value is readonly ToolResultContent[] {
  const isBlock = (item: unknown): boolean => isRecord(item) && CONTENT.has(item.type);
  return Array.isArray(value) && value.length > 0 && value.every(isBlock);
}

/** A value as JSON; undefined where it has none. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // A cycle, or a bigint.
    return undefined;
  }
}

function resultOf({ id, toolset_name }: ToolUseBlock): ToolResultBlockParam {
  const result: ToolResultBlockParam = { type: 'tool_result', tool_use_id: id };
  if (toolset_name !== undefined && toolset_name !== null) result.toolset_name = toolset_name;
  return result;
}

function* validated(
  tool: RunnableTool | RunnableServerTool,
  input: unknown,
): Steps<StandardResult<unknown>> {
  if (!('validate' in tool) || typeof tool.validate !== 'function') return { value: input };
  try {
    return yield* wait(tool.validate(input), `the schema of ${tool.name}`);
  } catch (error) {
    return { issues: [{ message: thrownText(error) }] };
  }
}

function unknownTool({ name }: ToolUseBlock, names: readonly string[]): string {
  const others = names.length === 0 ? 'There are none.' : `There are: ${names.join(', ')}.`;
  return `There is no tool ${JSON.stringify(name)} to call. ${others}`;
}

/** How many characters are quoted of an input that is not JSON. */
const QUOTED = 2000;

function inputProblem(toolUse: ToolUseBlock): string | undefined {
  const { status, json, reason } = toolInput(toolUse);
  if (status === 'complete') return undefined;
  const what = status === 'cut' ? 'was cut off' : 'is not valid JSON';
  const start = json.length > QUOTED ? `${json.slice(0, QUOTED)}…` : json;
  return (
    `The input of this call ${what} (${reason}), so the tool was not run. ` +
    `Call it again with the complete input. Received: ${start}`
  );
}

function invalidInput({ name }: ToolUseBlock, issues: Parameters<typeof listIssues>[0]): string {
  return (
    `The input does not fit the schema of ${name}, so the tool was not run:\n` +
    `${listIssues(issues)}\nCall it again with an input that fits.`
  );
}

function denied(verdict: boolean | string): string {
  const reason = typeof verdict === 'string' && verdict !== '' ? `: ${verdict}` : '.';
  return `The user denied this call${reason}`;
}

/** As `thrownText`, with an error's name. Never throws. */
function thrownString(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return thrownText(thrown);
  }
}
