import type { Anthropic as Core } from 'millrace';
import type { AnthropicError, APIUserAbortError } from '../core/error.js';

/** The events of `stream.on(name, listener)`. */
export interface StreamEvents<M, E, Parsed> {
  connect: () => void;
  streamEvent: (event: E, snapshot: M) => void;
  text: (textDelta: string, textSnapshot: string) => void;
  citation: (citation: Core.TextCitation, citationsSnapshot: Core.TextCitation[]) => void;
  inputJson: (partialJson: string, jsonSnapshot: unknown) => void;
  thinking: (thinkingDelta: string, thinkingSnapshot: string) => void;
  signature: (signature: string) => void;
  compaction: (compactedContent: string) => void;
  message: (message: Parsed) => void;
  // biome-ignore lint/suspicious/noExplicitAny: both editions' blocks.
  contentBlock: (content: any) => void;
  finalMessage: (message: Parsed) => void;
  error: (error: AnthropicError) => void;
  abort: (error: APIUserAbortError) => void;
  end: () => void;
}

/** An event as millrace gives it. */
export interface CoreEvent {
  type: string;
  index?: number;
  delta?: Record<string, unknown> & { type: string };
  content_block?: unknown;
  message?: unknown;
}

/** An event as it is on the wire: millrace adds the finished block and the finished message. */
export function toRawEvent(event: CoreEvent): CoreEvent {
  if (event.type === 'content_block_stop')
    return { type: event.type, index: event.index as number };
  return event.type === 'message_stop' ? { type: event.type } : event;
}

/** What a delta brings, which listener hears it, and the field of its block that it fills. */
interface DeltaKind {
  listener: string;
  brings: string;
  fills?: string;
}

const DELTAS: Readonly<Record<string, DeltaKind>> = {
  text_delta: { listener: 'text', brings: 'text', fills: 'text' },
  citations_delta: { listener: 'citation', brings: 'citation', fills: 'citations' },
  input_json_delta: { listener: 'inputJson', brings: 'partial_json', fills: 'input' },
  thinking_delta: { listener: 'thinking', brings: 'thinking', fills: 'thinking' },
  signature_delta: { listener: 'signature', brings: 'signature' },
  compaction_delta: { listener: 'compaction', brings: 'content' },
};

/** The listener of a delta, and its arguments. The snapshot is built only where it is heard. */
export function deltaCall(
  { delta, index }: CoreEvent,
  isHeard: (listener: string) => boolean,
  snapshot: () => { content: Record<string, unknown>[] } | undefined,
): [string, ...unknown[]] | undefined {
  const kind = DELTAS[delta?.type ?? ''];
  if (kind === undefined || !isHeard(kind.listener)) return undefined;
  const { listener, brings, fills } = kind;
  const soFar = fills === undefined ? [] : [snapshot()?.content[index as number]?.[fills]];
  return [listener, delta?.[brings], ...soFar];
}
