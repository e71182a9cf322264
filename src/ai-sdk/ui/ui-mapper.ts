import { toEvents } from '../../message/to-events.js';
import type { UntypedBlock, UntypedDelta, UntypedEvent } from '../../message/untyped.js';
import { restartIndex } from '../../stream/restart.js';
import type { ToolEvent } from '../../tools/tool-events.js';
import type { AnyMessage } from '../../wire/beta.js';
import type { ErrorBody } from '../../wire/errors.js';
import { finishReasonOf } from '../finish-reason.js';
import { type BlockPlace, blockRule } from './block-chunks.js';
import type { UIMessageChunk } from './chunks.js';

/** What a mapper needs to know. */
export interface UiMapperOptions {
  /** Default: the id of the first message. */
  messageId: string | undefined;
  /** What the `finish` chunk says besides the reason. */
  metadata: () => unknown;
  /** A finished block as it is passed on. */
  show: (block: UntypedBlock) => UntypedBlock;
}

/** The events of a message, or of a run, as chunks of one UI message. */
export class UiMapper {
  readonly #options: UiMapperOptions;
  /** Sources that were sent: a text cites one many times. */
  readonly #sources = new Set<string>();
  /** Blocks of this step that are open, by index, and the finished ones. */
  readonly #open = new Map<unknown, { block: UntypedBlock; place: BlockPlace }>();
  #finished: UntypedBlock[] = [];
  #parts = 0;
  #isStarted = false;
  #stopReason: unknown;
  /** Calls that wait for approval, by the approval's id. */
  readonly #asked = new Map<string, string>();

  constructor(options: UiMapperOptions) {
    this.#options = options;
  }

  event(event: UntypedEvent): UIMessageChunk[] {
    const restart = restartIndex(event);
    if (restart !== undefined) return this.#restart(restart);
    const chunks = this.#events.get(event.type)?.(event) ?? [];
    return chunks.filter((chunk) => this.#isNew(chunk));
  }

  /** The chunks after the last event. */
  end(): UIMessageChunk[] {
    const messageMetadata = this.#options.metadata();
    const finishReason = finishReasonOf(this.#stopReason);
    return [
      {
        type: 'finish',
        finishReason,
        ...(messageMetadata === undefined ? {} : { messageMetadata }),
      },
    ];
  }

  /** The chunks of a failure. */
  failed({ error: { type, message } }: ErrorBody): UIMessageChunk[] {
    return type === 'user_abort_error'
      ? [{ type: 'abort', reason: message }]
      : [{ type: 'error', errorText: message }];
  }

  readonly #events: ReadonlyMap<string, (event: UntypedEvent) => UIMessageChunk[]> = new Map([
    ['message_start', ({ message }) => this.#start(message as AnyMessage)],
    ['content_block_start', (event) => this.#blockStart(event)],
    ['content_block_delta', (event) => this.#blockDelta(event)],
    ['content_block_stop', (event) => this.#blockStop(event)],
    [
      'message_delta',
      ({ delta }) => {
        this.#stopReason = (delta as { stop_reason?: unknown }).stop_reason ?? this.#stopReason;
        return [];
      },
    ],
    ['message_stop', () => [{ type: 'finish-step' }]],
    ...(['tool_approval', 'tool_start', 'tool_update', 'tool_result'] as const).map(
      (type) => [type, (event: UntypedEvent) => this.#tool(event as unknown as ToolEvent)] as const,
    ),
  ] as [string, (event: UntypedEvent) => UIMessageChunk[]][]);

  #start({ id, content }: AnyMessage): UIMessageChunk[] {
    this.#open.clear();
    this.#finished = [];
    const { messageId = id } = this.#options;
    const start: UIMessageChunk[] = this.#isStarted ? [] : [{ type: 'start', messageId }];
    this.#isStarted = true;
    return [...start, { type: 'start-step' }, ...this.#whole(content as never)];
  }

  #blockStart({ index, content_block }: UntypedEvent): UIMessageChunk[] {
    const block = content_block as UntypedBlock;
    const id = typeof block.id === 'string' ? block.id : `part-${++this.#parts}`;
    const place = { id, isStarted: false };
    this.#open.set(index, { block, place });
    return blockRule(block).start?.(block, place) ?? [];
  }

  #blockDelta({ index, delta }: UntypedEvent): UIMessageChunk[] {
    const open = this.#open.get(index);
    if (open === undefined) return [];
    return blockRule(open.block).delta?.(delta as UntypedDelta, open.place) ?? [];
  }

  #blockStop({ index, content_block }: UntypedEvent): UIMessageChunk[] {
    const open = this.#open.get(index);
    if (open === undefined) return [];
    this.#open.delete(index);
    const block = this.#options.show((content_block ?? open.block) as UntypedBlock);
    this.#finished[index as number] = block;
    return blockRule(block).stop(block, open.place);
  }

  /** A recovery discards blocks: the step is written again up to there, in parts with new ids. */
  #restart(index: number): UIMessageChunk[] {
    const kept = this.#finished.slice(0, index);
    this.#finished = [];
    this.#open.clear();
    return [{ type: 'reset-step' }, ...this.#whole(kept)];
  }

  /** The chunks of blocks that are there as a whole. */
  #whole(content: UntypedBlock[]): UIMessageChunk[] {
    const events = toEvents({ content } as unknown as AnyMessage) as unknown as UntypedEvent[];
    return events.flatMap((event) => {
      if (event.type === 'content_block_stop') {
        return this.#blockStop({ ...event, content_block: content[event.index as number] });
      }
      const take = event.type.startsWith('content_block')
        ? this.#events.get(event.type)
        : undefined;
      return take?.(event) ?? [];
    });
  }

  #tool(event: ToolEvent): UIMessageChunk[] {
    const { id: toolCallId } = event.toolUse;
    if (event.type === 'tool_approval') {
      this.#asked.set(toolCallId, event.id);
      return [{ type: 'tool-approval-request', approvalId: event.id, toolCallId }];
    }
    const approvalId = this.#asked.get(toolCallId);
    this.#asked.delete(toolCallId);
    if (event.type === 'tool_start') {
      return approvalId === undefined
        ? []
        : [{ type: 'tool-approval-response', approvalId, approved: true }];
    }
    if (event.type === 'tool_update') {
      const { update: output } = event;
      return [{ type: 'tool-output-available', toolCallId, output, preliminary: true }];
    }
    const { content = '', is_error } = this.#options.show(
      event.result as unknown as UntypedBlock,
    ) as { content?: unknown; is_error?: boolean };
    // It was asked about, and did not start.
    if (approvalId !== undefined) {
      return [
        { type: 'tool-approval-response', approvalId, approved: false },
        { type: 'tool-output-denied', toolCallId },
      ];
    }
    if (is_error !== true) return [{ type: 'tool-output-available', toolCallId, output: content }];
    const errorText = typeof content === 'string' ? content : JSON.stringify(content);
    return [{ type: 'tool-output-error', toolCallId, errorText }];
  }

  #isNew(chunk: UIMessageChunk): boolean {
    if (!('sourceId' in chunk)) return true;
    const isNew = !this.#sources.has(chunk.sourceId);
    this.#sources.add(chunk.sourceId);
    return isNew;
  }
}
