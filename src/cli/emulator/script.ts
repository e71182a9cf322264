import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BetaContentBlock, BetaMessage } from '../../index.js';
import { type EmulatorOptions, type Reply, reply } from '../../testing/index.js';
import { UsageError } from '../usage-error.js';

/**
 * The emulator that a script describes: a JSON list of replies, which come round again, or a module
 * whose default export are replies or options.
 * @throws UsageError
 */
export async function readScript(file: string): Promise<EmulatorOptions> {
  try {
    return await (file.endsWith('.json') ? readJson(file) : importModule(file));
  } catch (error) {
    throw new UsageError(`--script ${file}: ${(error as Error).message}`);
  }
}

async function importModule(file: string): Promise<EmulatorOptions> {
  const { default: given } = await import(pathToFileURL(resolve(file)).href);
  if (given === undefined) throw new Error('it has no default export: export default { replies }');
  return typeof given === 'function' || Array.isArray(given) ? { replies: given } : given;
}

async function readJson(file: string): Promise<EmulatorOptions> {
  const list: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (!Array.isArray(list) || list.length === 0) throw new Error('give a list of replies');
  const replies = list.map(replyOf);
  let taken = 0;
  return { replies: () => replies[taken++ % replies.length] as Reply };
}

function replyOf(given: unknown, at: number): Reply {
  if (typeof given === 'string') return reply.text(given);
  if (Array.isArray(given)) return blocks(given);
  const { type, error } = (given ?? {}) as { type?: unknown; error?: unknown };
  if (type === 'message') return reply.message(given as BetaMessage);
  if (typeof error === 'string' || typeof error === 'number') return reply.error(error);
  throw new Error(
    `reply ${at + 1} is none: give a text, a list of content blocks, a message or {"error": 529}`,
  );
}

function blocks(given: readonly BetaContentBlock[]): Reply {
  return reply.sequence(...given.map((block) => reply.block(withRoomForId(block))));
}

/** A call that is written without an id gets one. */
function withRoomForId(block: BetaContentBlock): BetaContentBlock {
  const isCall = typeof block?.type === 'string' && block.type.endsWith('tool_use');
  return isCall ? ({ id: undefined, ...block } as BetaContentBlock) : block;
}
