import { accumulate } from '../../message/accumulate.js';
import type { UntypedEvent } from '../../message/untyped.js';
import { concat } from '../../sse/concat.js';
import type { AnyMessage } from '../../wire/beta.js';
import type { RawMessageStreamEvent } from '../../wire/events.js';
import type { Answer } from '../model/answer.js';
import { REMEMBERED, Recent } from '../model/recent.js';
import type { EmulatorParams } from '../model/request.js';
import { isBytes, type Step } from '../model/step.js';

/** The conversations that the API stores for clients that send the beta param `thread`. */
export interface Threads {
  /**
   * The params with all messages of their thread.
   * @returns undefined if there is no such thread.
   */
  resume(params: EmulatorParams): EmulatorParams | undefined;
  /** Stores an answer in its thread when it is complete. */
  store(answer: Answer, params: EmulatorParams): Answer;
}

type Stored = Pick<EmulatorParams, 'messages' | 'system' | 'tools'>;

export function createThreads(): Threads {
  const threads = new Recent<Stored>(REMEMBERED);
  return {
    resume: (params) => {
      const previous = getPreviousId(params);
      if (previous === undefined) return params;
      const stored = threads.get(previous);
      if (stored === undefined) return undefined;
      return { ...stored, ...params, messages: [...stored.messages, ...(params.messages ?? [])] };
    },
    store: (answer, params) => {
      if (params.thread == null || answer.status >= 400) return answer;
      const { messages, system, tools } = params;
      const storeMessage = ({ id, content }: AnyMessage): void => {
        const turn = {
          role: 'assistant' as const,
          content: content as EmulatorParams['messages'][number]['content'],
        };
        const stored = {
          messages: [...messages, turn],
          ...(system !== undefined && { system }),
          ...(tools !== undefined && { tools }),
        };
        threads.set(id, stored, JSON.stringify(stored).length);
      };
      const watch = (steps: Answer['steps']): Iterable<Step> =>
        watchMessage(steps as Iterable<Step>, storeMessage);
      const { steps, plain } = answer;
      return { ...answer, steps: watch(steps), ...(plain && { plain: watch(plain) }) };
    },
  };
}

/** The id of the message that a thread continues from. */
export function getPreviousId({ thread }: EmulatorParams): string | undefined {
  const { type, previous_message_id } = (thread ?? {}) as Record<string, unknown>;
  return type === 'continue' ? String(previous_message_id) : undefined;
}

/** Tells of the message as soon as its steps are complete. A fault may add bytes that complete no event. */
function* watchMessage(
  steps: Iterable<Step>,
  onMessage: (message: AnyMessage) => void,
): Generator<Step, void, undefined> {
  const events: UntypedEvent[] = [];
  const others: Uint8Array[] = [];
  for (const step of steps) {
    if (isBytes(step)) {
      if (step.event === undefined) others.push(step.bytes);
      else events.push(step.event);
      if (step.event?.type === 'message_stop') {
        onMessage(accumulate(events as unknown as RawMessageStreamEvent[]) as AnyMessage);
      }
    }
    yield step;
  }
  const message = events.length === 0 ? parseMessage(others) : undefined;
  if (message !== undefined) onMessage(message);
}

/** The message in a body of JSON, if it is one. */
function parseMessage(parts: readonly Uint8Array[]): AnyMessage | undefined {
  const length = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  try {
    const body = JSON.parse(new TextDecoder().decode(concat(parts, length)));
    return body?.type === 'message' ? body : undefined;
  } catch {
    return undefined;
  }
}
