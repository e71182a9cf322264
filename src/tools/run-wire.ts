import type { UntypedBlock, UntypedEvent } from '../message/untyped.js';
import { exposedBlock, exposing } from '../stream/expose.js';
import type { ExposeOptions } from '../stream/expose-options.js';
import type { ErrorMapper } from '../stream/sse-response.js';
import { toRawEvent } from '../stream/write-events.js';
import { MaxTurnsError } from './max-turns-error.js';
import { runEvents } from './run-events.js';
import type { ToolEvent, ToolStartEvent } from './tool-events.js';
import type { Turn } from './turn.js';

/*
 * A run on the wire: the events of its turns as the API sends them, and between them events of millrace, which
 * other clients skip.
 */

const PREFIX = 'millrace.';

/** The first event: `history` has the messages before those of the run. */
export const RUN_START = 'millrace.run_start';
/** A tool starts: the event that its run waits for, where it is recorded. */
export const TOOL_START = 'millrace.tool_start';
export const TOOL_RESULT = 'millrace.tool_result';
/** The last event of a run that has succeeded. One that has failed ends with an `error` event. */
export const RUN_END = 'millrace.run_end';
/** The last event of a run that `maxTurns` has stopped. */
export const MAX_TURNS = 'millrace.max_turns';

/** Only a run may send these: an API that does must not make calls up. */
const OWN: ReadonlySet<string> = new Set<ToolEvent['type']>([
  'tool_approval',
  'tool_start',
  'tool_update',
  'tool_result',
]);

/** The type of a tool event, where an event on the wire is one. */
export function toolEventType(name: string): ToolEvent['type'] | undefined {
  const type = name.slice(PREFIX.length);
  return name.startsWith(PREFIX) && OWN.has(type) ? (type as ToolEvent['type']) : undefined;
}

/** Returns an event as it is passed on; undefined for one that isn't. */
export type Select = (event: UntypedEvent) => UntypedEvent | undefined;

/** What is sent of a run. */
export interface RunWireOptions {
  history: readonly unknown[];
  /** As the run has it: the far side builds the same messages. */
  keepUnsignedThinking: boolean;
  expose: ExposeOptions;
  mapError: ErrorMapper | undefined;
  /** Called when the reader has come back after the start of a tool. */
  recorded?: (event: ToolStartEvent) => void;
}

interface ServedStream {
  servedEvents(select: Select): AsyncIterator<UntypedEvent, undefined>;
}

/** A run as events on the wire. @throws what the run fails with. */
export async function* wireEvents(
  first: Turn<ServedStream>,
  options: RunWireOptions,
): AsyncGenerator<{ type: string }, undefined, undefined> {
  const { expose, keepUnsignedThinking, mapError, recorded } = options;
  const showBlock = exposedBlock(expose);
  const history = options.history.map((turn) => shownTurn(turn, showBlock));
  yield { type: RUN_START, history, keepUnsignedThinking } as { type: string };
  try {
    for await (const event of servedEvents(first, exposing(expose))) {
      if (!OWN.has(event.type)) yield toRawEvent(event as UntypedEvent);
      else if (event.type !== 'tool_update' || expose.toolResults !== false)
        yield wireToolEvent(shownToolEvent(event as ToolEvent, showBlock));
      if (event.type === 'tool_start') recorded?.(event as ToolStartEvent);
    }
  } catch (error) {
    if (!(error instanceof MaxTurnsError) || isMapped(error, mapError)) throw error;
    yield { type: MAX_TURNS, maxTurns: error.maxTurns } as { type: string };
    return undefined;
  }
  yield { type: RUN_END };
  return undefined;
}

/** The events of a run as they are passed on: raw ones, pings and restarts included, and tool events. */
export function servedEvents(
  first: Turn<ServedStream>,
  select: Select,
): AsyncGenerator<UntypedEvent | ToolEvent, undefined, undefined> {
  const ofApi: Select = (event) =>
    OWN.has(event.type) || event.type.startsWith(PREFIX) ? undefined : select(event);
  return runEvents(first, { read: (stream) => stream.servedEvents(ofApi) });
}

type ShowBlock = ReturnType<typeof exposedBlock>;

function shownTurn(turn: unknown, show: ShowBlock): unknown {
  const { content } = turn as { content: unknown };
  if (!Array.isArray(content)) return turn;
  return { ...(turn as object), content: content.map((block: UntypedBlock) => show(block)) };
}

/** A tool event on the wire. */
export function wireToolEvent(event: ToolEvent): UntypedEvent {
  return { ...event, type: PREFIX + event.type };
}

function shownToolEvent(event: ToolEvent, show: ShowBlock): ToolEvent {
  const toolUse = show(event.toolUse as unknown as UntypedBlock);
  const isHidden = toolUse !== (event.toolUse as unknown);
  const { result } = event as { result?: UntypedBlock };
  return {
    ...event,
    toolUse,
    ...('input' in event && isHidden && { input: {} }),
    ...(result && { result: show(result) }),
  } as unknown as ToolEvent;
}

function isMapped(error: MaxTurnsError, mapError: ErrorMapper | undefined): boolean {
  try {
    return mapError?.(error) !== undefined;
  } catch {
    return false;
  }
}
