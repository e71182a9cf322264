import type { UntypedEvent } from '../message/untyped.js';

/**
 * Whether the model may be silent for long: before the first content, while it thinks, and while the API
 * runs a tool, which is from the start of the call to the start of the next block.
 */
export class ExpectedSilence {
  /** Blocks that are open, by index. Most messages have none of these kinds. */
  #open: Map<unknown, Kind> | undefined;
  #hasContent = false;
  #isToolRunning = false;

  /** @param event any but deltas, which change nothing. @returns whether silence may follow it. */
  after(event: UntypedEvent): boolean {
    if (event.type === 'content_block_start') this.#start(event);
    if (event.type === 'content_block_stop') this.#stop(event);
    return !this.#hasContent || this.#isToolRunning || (this.#open?.size ?? 0) > 0;
  }

  #start({ index, content_block }: UntypedEvent): void {
    this.#hasContent = true;
    this.#isToolRunning = false;
    const kind = kindOf((content_block as { type?: unknown } | null | undefined)?.type);
    if (kind === undefined) return;
    this.#open ??= new Map();
    this.#open.set(index, kind);
  }

  #stop({ index }: UntypedEvent): void {
    if (this.#open?.get(index) === 'server-tool') this.#isToolRunning = true;
    this.#open?.delete(index);
  }
}

type Kind = 'thinking' | 'server-tool';

/** Server tools are `server_tool_use`, `mcp_tool_use`, and those to come. */
function kindOf(type: unknown): Kind | undefined {
  if (type === 'thinking') return 'thinking';
  return typeof type === 'string' && type.endsWith('_tool_use') ? 'server-tool' : undefined;
}

/** Whether an event is progress of its message. Pings are none; after the stop reason only content and usage are. */
export function isProgress({ type }: UntypedEvent, hasStopReason: boolean): boolean {
  return hasStopReason ? AFTER_STOP_REASON.has(type) : type !== 'ping';
}

const AFTER_STOP_REASON: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
]);
