import type { RawEvent } from '../../src/testing/index.js';

/** Endless events, and how many were read. */
export interface Endless {
  readonly events: Generator<RawEvent>;
  /** How many have been read. */
  readonly taken: number;
  /** Resolves when no more are read. */
  readonly stopped: Promise<void>;
}

/** Far more than the buffers of two sockets hold. A reader that takes this many would never stop. */
export const MANY = 400_000;

/**
 * A text that never ends.
 * @param onTake is called before each delta, with the number of deltas before it.
 */
export function endless(onTake: (taken: number) => void = () => {}): Endless {
  const state = { taken: 0 };
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  function* forever(): Generator<RawEvent> {
    try {
      yield { type: 'message_start', ...START };
      yield { type: 'content_block_start', ...BLOCK };
      for (;;) {
        onTake(state.taken++);
        if (state.taken > MANY) throw new Error('there is no backpressure');
        yield { type: 'content_block_delta', ...DELTA };
      }
    } finally {
      stop();
    }
  }
  return {
    events: forever(),
    get taken() {
      return state.taken;
    },
    stopped,
  };
}

const START = {
  message: {
    id: 'msg_endless',
    type: 'message',
    role: 'assistant',
    model: 'claude-opus-4-8',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  },
};
const BLOCK = { index: 0, content_block: { type: 'text', text: '' } };
const DELTA = { index: 0, delta: { type: 'text_delta', text: ' and on'.repeat(20) } };
