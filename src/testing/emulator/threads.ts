import { accumulate } from '../../message/accumulate.js';
import type { UntypedEvent } from '../../message/untyped.js';
import type { AnyMessage } from '../../wire/beta.js';
import type { RawMessageStreamEvent } from '../../wire/events.js';
import type { EmulatorParams } from '../model/request.js';
import { isSent, type Step } from '../model/step.js';
import type { Answer } from '../script/answer-reply.js';

/** The conversations that the API holds for those who send the beta param `thread`. */
export interface Threads {
  /**
   * The params with all messages of their thread.
   * @returns undefined where there is no such thread.
   */
  resume(params: EmulatorParams): EmulatorParams | undefined;
  /** An answer that is held with its thread as soon as it is whole. */
  held(answer: Answer, params: EmulatorParams): Answer;
}

type Held = Pick<EmulatorParams, 'messages' | 'system' | 'tools'>;

export function createThreads(): Threads {
  const threads = new Map<string, Held>();
  return {
    resume: (params) => {
      const previous = previousOf(params);
      if (previous === undefined) return params;
      const held = threads.get(previous);
      if (held === undefined) return undefined;
      return { ...held, ...params, messages: [...held.messages, ...(params.messages ?? [])] };
    },
    held: (answer, params) => {
      if (params.thread == null || answer.status >= 400) return answer;
      const { messages, system, tools } = params;
      const hold = ({ id, content }: AnyMessage): void => {
        const turn = {
          role: 'assistant' as const,
          content: content as EmulatorParams['messages'][number]['content'],
        };
        threads.set(id, {
          messages: [...messages, turn],
          ...(system !== undefined && { system }),
          ...(tools !== undefined && { tools }),
        });
      };
      return { ...answer, steps: watched(answer.steps as Iterable<Step>, hold) };
    },
  };
}

/** The id of the answer that a thread goes on from. */
export function previousOf({ thread }: EmulatorParams): string | undefined {
  const { type, previous_message_id } = (thread ?? {}) as Record<string, unknown>;
  return type === 'continue' ? String(previous_message_id) : undefined;
}

function* watched(
  steps: Iterable<Step>,
  hold: (message: AnyMessage) => void,
): Generator<Step, void, undefined> {
  const events: UntypedEvent[] = [];
  for (const step of steps) {
    if (isSent(step)) {
      if (step.event === undefined) hold(JSON.parse(new TextDecoder().decode(step.bytes)));
      else events.push(step.event);
      if (step.event?.type === 'message_stop') {
        hold(accumulate(events as unknown as RawMessageStreamEvent[]) as AnyMessage);
      }
    }
    yield step;
  }
}
