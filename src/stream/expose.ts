import { BLOCKS, isThinking } from '../message/kinds.js';
import type { UntypedBlock, UntypedEvent } from '../message/untyped.js';
import type { ExposeOptions } from './expose-options.js';
import { WIRE_TYPE } from './restart.js';

type Rule = (event: UntypedEvent) => UntypedEvent | undefined;

/**
 * Takes out of events what is not to be passed on. Blocks stay in their places, so that their indexes are
 * those of the message.
 * @param options checked.
 */
export function exposing(options: ExposeOptions): Rule {
  const { usage = true } = options;
  /** Blocks whose deltas are not passed on. */
  const hidden = new Set<unknown>();
  const isHidden = hiddenBy(options);
  const shownStart = (message: unknown): object => {
    const { content } = message as { content?: unknown };
    const shown = { ...(message as object), ...(usage ? {} : { usage: NO_USAGE }) };
    if (!Array.isArray(content) || content.length === 0) return shown;
    // After a programmatic tool call a message starts with blocks.
    const blocks = content as UntypedBlock[];
    return { ...shown, content: blocks.map((block) => (isHidden(block) ? emptied(block) : block)) };
  };
  const rules = new Map<string, Rule>([
    ['message_start', (event) => ({ ...event, message: shownStart(event.message) })],
    ['message_delta', (event) => (usage ? event : { ...event, usage: NO_USAGE })],
    [
      'content_block_start',
      (event) => {
        const block = event.content_block as UntypedBlock;
        hidden.delete(event.index);
        if (!isHidden(block)) return event;
        hidden.add(event.index);
        return { ...event, content_block: emptied(block) };
      },
    ],
    ['content_block_delta', (event) => (hidden.has(event.index) ? undefined : event)],
    // A server has sent it, and on the far side it would discard blocks.
    [WIRE_TYPE, () => undefined],
  ]);
  return (event) => {
    const rule = rules.get(event.type);
    return rule === undefined ? event : rule(event);
  };
}

/** A block as it is passed on, of a message, a conversation or a tool call. */
export function exposedBlock(options: ExposeOptions): <B extends UntypedBlock>(block: B) => B {
  const isHidden = hiddenBy(options);
  return (block) => (isHidden(block) ? (emptied(block) as typeof block) : block);
}

function hiddenBy({
  thinking = true,
  toolInputs = true,
  toolResults = true,
}: ExposeOptions): (block: UntypedBlock) => boolean {
  return (block) =>
    (!thinking && isThinking(block)) ||
    (!toolInputs && takesInput(block)) ||
    (!toolResults && RESULT.test(block.type));
}

const RESULT = /(?:^|_)tool_result$/;
const NO_USAGE = { input_tokens: 0, output_tokens: 0 };

function takesInput({ type }: UntypedBlock): boolean {
  return BLOCKS.get(type)?.deltas.includes('input_json_delta') ?? false;
}

/** The fields of a block that can hold content, and what they are without. */
const EMPTY: Readonly<Record<string, unknown>> = {
  thinking: '',
  signature: '',
  data: '',
  input: {},
  content: [],
};

function emptied(block: UntypedBlock): UntypedBlock {
  return Object.fromEntries(
    Object.entries(block).map(([field, value]) => [
      field,
      Object.hasOwn(EMPTY, field) ? EMPTY[field] : value,
    ]),
  ) as UntypedBlock;
}
