import { onAbort } from '../transport/on-abort.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import type { Ask, Verdict } from './run-call.js';

/** Calls that wait for `decide(id, verdict)`. */
export class Approvals {
  readonly #pending = new Map<string, (verdict: Verdict) => void>();
  readonly #seen = new Map<string, number>();

  /** Waits for a decision. Any number of calls wait at once, each for its own. */
  readonly ask: Ask = ({ id, signal }, asked) =>
    new Promise((resolve, reject) => {
      const stopListening = onAbort(signal, () => {
        this.#pending.delete(id);
        reject(signal.reason);
      });
      this.#pending.set(id, (verdict) => {
        stopListening();
        resolve(verdict);
      });
      asked();
    });

  /** @returns whether a call was waiting for it. */
  decide(id: string, verdict: Verdict): boolean {
    const settle = this.#pending.get(id);
    this.#pending.delete(id);
    settle?.(verdict);
    return settle !== undefined;
  }

  /** The id of a call's approval: that of the call, or with a number, where a server repeats one. */
  newId({ id }: ToolUseBlock): string {
    const n = (this.#seen.get(id) ?? 0) + 1;
    this.#seen.set(id, n);
    return n === 1 ? id : `${id}-${n}`;
  }
}
