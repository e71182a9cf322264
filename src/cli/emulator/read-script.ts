import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BetaContentBlock, BetaMessage } from '../../index.js';
import { type EmulatorOptions, type Reply, reply } from '../../testing/index.js';
import { UsageError } from '../usage-error.js';

/**
 * The emulator that a script describes: a JSON list of replies, repeated in a cycle, or a module whose
 * default export is replies or options.
 * @throws UsageError (rejects) if it describes none.
 */
export async function readScript(file: string): Promise<EmulatorOptions> {
  try {
    return await (file.endsWith('.json') ? readJson(file) : importModule(file));
  } catch (error) {
    throw new UsageError(`--script ${file}: ${(error as Error).message}`);
  }
}

async function importModule(file: string): Promise<EmulatorOptions> {
  const { default: exported } = await import(pathToFileURL(resolve(file)).href);
  if (exported === undefined)
    throw new Error('it has no default export: export default { replies }');
  return typeof exported === 'function' || Array.isArray(exported)
    ? { replies: exported }
    : exported;
}

async function readJson(file: string): Promise<EmulatorOptions> {
  const list: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (!Array.isArray(list) || list.length === 0) throw new Error('give a list of replies');
  const replies = list.map(toReply);
  let next = 0;
  return { replies: () => replies[next++ % replies.length] as Reply };
}

function toReply(item: unknown, at: number): Reply {
  if (typeof item === 'string') return reply.text(item);
  if (Array.isArray(item)) return toBlocksReply(item);
  const { type, error } = (item ?? {}) as { type?: unknown; error?: unknown };
  if (type === 'message') return reply.message(item as BetaMessage);
  if (typeof error === 'string' || typeof error === 'number') return reply.error(error);
  throw new Error(
    `reply ${at + 1} is invalid: give a text, a list of content blocks, a message or {"error": 529}`,
  );
}

function toBlocksReply(blocks: readonly BetaContentBlock[]): Reply {
  return reply.sequence(...blocks.map((block) => reply.block(withId(block))));
}

/** The emulator fills in the id of a tool call whose id is undefined. */
function withId(block: BetaContentBlock): BetaContentBlock {
  const isCall = typeof block?.type === 'string' && block.type.endsWith('tool_use');
  return isCall ? ({ id: undefined, ...block } as BetaContentBlock) : block;
}
