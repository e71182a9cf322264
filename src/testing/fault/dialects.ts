import type { UntypedBlock, UntypedDelta, UntypedEvent } from '../../message/untyped.js';
import { isBytes, type Step, toEventStep, toTextStep } from '../model/step.js';

/**
 * Servers that speak the Messages API in their own way, named after what they are known for:
 * - `copilot`: keep-alives are events with empty data; `[DONE]` in the place of `message_stop`.
 * - `kimi`: no `content_block_stop`; all tool calls have the same id; a second `message_delta` without a reason.
 * - `litellm`: text starts in `content_block_start`, usage falls to zero, and `[DONE]` follows.
 * - `bedrock`: each block stops twice; a turn of tool calls ends with `end_turn`.
 * - `ollama`: a tool's whole input is in `content_block_start`; ids are empty; a turn ends with `stop`.
 * - `vllm`: keep-alives are `null` and `{}`; deltas with nothing in them; `event: done` at the end.
 * - `converter`: `message_start` comes late, without content and usage; an index is a text.
 * - `glm`: the index of each block is 0, and blocks stop that never started.
 * - `java`: pairs of surrogates are cut in two.
 * - `unstreamed`: the whole message in one event.
 */
export type Dialect =
  | 'copilot'
  | 'kimi'
  | 'litellm'
  | 'bedrock'
  | 'ollama'
  | 'vllm'
  | 'converter'
  | 'glm'
  | 'java'
  | 'unstreamed';

/** What becomes of an event: events, or text as it is. One for each answer: it may remember what came before. */
type Bend = () => (event: UntypedEvent) => readonly (UntypedEvent | string)[];

const DONE = 'data: [DONE]\n\n';

const DIALECTS: Readonly<Record<Dialect, readonly Bend[]>> = {
  copilot: [keepAlive('data:\n\n'), replaceStop(DONE)],
  kimi: [dropStops(), withBlocks({ tool_use: { id: 'functions:0' } }), reasonTakenBack()],
  litellm: [textInStart(), zeroUsage(), after('message_stop', DONE)],
  bedrock: [twice('content_block_stop'), withReason('end_turn')],
  ollama: [inputInStart(), withBlocks({ tool_use: { id: '' } }), withReason('stop')],
  vllm: [
    keepAlive('data: null\n\n', 'event: ping\ndata:\n\n', 'data: {}\n\n'),
    emptyDeltas(),
    replaceStop('event: done\ndata: [DONE]\n\n'),
  ],
  converter: [bareStart(), lateStart(), textIndex()],
  glm: [zeroIndex(), strayStops()],
  java: [halfCharacters()],
  unstreamed: [],
};

export function isDialect(name: string): name is Dialect {
  return Object.hasOwn(DIALECTS, name);
}

export const DIALECT_NAMES: readonly Dialect[] = Object.keys(DIALECTS) as Dialect[];

/** The steps of an event stream, in a dialect. What is no event stays. */
export function* bendSteps(
  steps: Iterable<Step>,
  dialect: Dialect,
  asMessage: (steps: Iterable<Step>) => Iterable<Step>,
): Generator<Step, void, undefined> {
  if (dialect === 'unstreamed') {
    for (const step of asMessage(steps)) {
      if (!isBytes(step)) yield step;
      else yield toTextStep(`data: ${new TextDecoder().decode(step.bytes)}\n\n`);
    }
    return;
  }
  const bends = DIALECTS[dialect].map((bend) => bend());
  for (const step of steps) {
    if (!isBytes(step) || step.event === undefined) {
      yield step;
      continue;
    }
    let sent: readonly (UntypedEvent | string)[] = [step.event];
    for (const bend of bends) {
      sent = sent.flatMap((part) => (typeof part === 'string' ? [part] : bend(part)));
    }
    for (const part of sent) yield typeof part === 'string' ? toTextStep(part) : toEventStep(part);
  }
}

/** One of the frames in turn, in place of a ping and after each delta. */
function keepAlive(...frames: readonly string[]): Bend {
  return () => {
    let n = 0;
    return (event) => {
      if (event.type !== 'ping' && event.type !== 'content_block_delta') return [event];
      const frame = frames[n++ % frames.length] as string;
      return event.type === 'ping' ? [frame] : [event, frame];
    };
  };
}

/** A bend that remembers nothing, for the events of one type. */
function each(
  type: string,
  bend: (event: UntypedEvent) => readonly (UntypedEvent | string)[],
): Bend {
  return () => (event) => (event.type === type ? bend(event) : [event]);
}

function replaceStop(text: string): Bend {
  return each('message_stop', () => [text]);
}

function after(type: string, text: string): Bend {
  return each(type, (event) => [event, text]);
}

function twice(type: string): Bend {
  return each(type, (event) => [event, event]);
}

function dropStops(): Bend {
  return each('content_block_stop', () => []);
}

function withBlocks(fields: Readonly<Record<string, object>>): Bend {
  return each('content_block_start', (event) => {
    const block = event.content_block as UntypedBlock;
    return [{ ...event, content_block: { ...block, ...fields[block.type] } }];
  });
}

function reasonTakenBack(): Bend {
  return each('message_delta', (event) => [
    event,
    { ...event, delta: { stop_reason: null, stop_sequence: null } },
  ]);
}

function withReason(stop_reason: string): Bend {
  return each('message_delta', (event) => {
    const delta = event.delta as { stop_reason: unknown };
    return delta.stop_reason === 'tool_use' || delta.stop_reason === 'end_turn'
      ? [{ ...event, delta: { ...delta, stop_reason } }]
      : [event];
  });
}

function zeroUsage(): Bend {
  return each('message_delta', (event) => [
    event,
    { type: 'message_delta', delta: {}, usage: { input_tokens: 0, output_tokens: 0 } },
  ]);
}

/** A start waits for its first delta, and takes its text along. */
function textInStart(): Bend {
  return () => {
    let start: UntypedEvent | undefined;
    return (event) => {
      if (event.type === 'content_block_start' && hasText(event)) {
        start = event;
        return [];
      }
      const held = start;
      if (held === undefined || event.type === 'ping') return [event];
      start = undefined;
      if (event.type !== 'content_block_delta') return [held, event];
      const { type: _, ...brought } = event.delta as UntypedDelta;
      const content_block = { ...(held.content_block as UntypedBlock), ...brought };
      return [{ ...held, content_block }];
    };
  };
}

function hasText({ content_block }: UntypedEvent): boolean {
  return ['text', 'thinking'].includes((content_block as UntypedBlock).type);
}

function inputInStart(): Bend {
  return () => {
    let start: UntypedEvent | undefined;
    let json = '';
    return (event) => {
      const block = event.content_block as UntypedBlock | undefined;
      if (event.type === 'content_block_start' && block?.type === 'tool_use') {
        start = event;
        json = '';
        return [];
      }
      if (start === undefined) return [event];
      if (event.type === 'content_block_delta') {
        json += (event.delta as { partial_json?: string }).partial_json ?? '';
        return [];
      }
      if (event.type !== 'content_block_stop') return [event];
      const content_block = { ...(start.content_block as UntypedBlock), input: inputOf(json) };
      const whole = { ...start, content_block };
      start = undefined;
      return [whole, event];
    };
  };
}

/** No arguments are written as null. */
function inputOf(json: string): unknown {
  return json === '' || json === '{}' ? null : JSON.parse(json);
}

function emptyDeltas(): Bend {
  return each('content_block_start', (event) => [
    event,
    { type: 'content_block_delta', index: event.index, delta: { type: 'text_delta', text: null } },
  ]);
}

function bareStart(): Bend {
  return each('message_start', (event) => {
    const { content: _, usage: __, ...message } = event.message as Record<string, unknown>;
    return [{ ...event, message }];
  });
}

/** After the start of the first block. */
function lateStart(): Bend {
  return () => {
    let start: UntypedEvent | undefined;
    return (event) => {
      if (event.type === 'message_start') {
        start = event;
        return [];
      }
      const held = start;
      start = undefined;
      if (held === undefined) return [event];
      return event.type === 'content_block_start' ? [event, held] : [held, event];
    };
  };
}

function textIndex(): Bend {
  return () => (event) => ['index' in event ? { ...event, index: String(event.index) } : event];
}

function zeroIndex(): Bend {
  return () => (event) => ['index' in event ? { ...event, index: 0 } : event];
}

function strayStops(): Bend {
  return each('content_block_stop', (event) => [{ ...event, index: 99 }, event]);
}

/** Deltas of text end in the middle of a character that takes two units, where it has one. */
function halfCharacters(): Bend {
  return each('content_block_delta', (event) => {
    const delta = event.delta as UntypedDelta;
    const text = delta.type === 'text_delta' ? String(delta.text) : '';
    const at = /[\ud800-\udbff]/.exec(text)?.index;
    if (at === undefined) return [event];
    return [text.slice(0, at + 1), text.slice(at + 1)].map((part) => ({
      ...event,
      delta: { ...delta, text: part },
    }));
  });
}
