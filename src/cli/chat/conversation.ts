import { type Message, type MessageParam, toMessageParam } from '../../index.js';
import type { Content } from '../question/request-params.js';

/** The turns of a chat. A question that got no answer is none of them, but can be asked again. */
export class Conversation {
  system: string | undefined;
  #turns: MessageParam[] = [];
  #latest: Content | undefined;

  constructor(system: string | undefined) {
    this.system = system;
  }

  get turns(): readonly MessageParam[] {
    return this.#turns;
  }

  /** @returns what to send. */
  ask(content: Content): readonly MessageParam[] {
    this.#latest = content;
    this.#turns.push({ role: 'user', content });
    return this.#turns;
  }

  /** What came of the answer to the latest question, whole or cut. */
  answered(message: Message | undefined): void {
    const turn = message && toMessageParam(message);
    if (turn === undefined || turn.content.length === 0) this.#turns.pop();
    else this.#turns.push(turn);
  }

  /** Takes the latest question back, with its answer. @returns the question. */
  takeBack(): Content | undefined {
    const isAnswered = this.#latest !== undefined && this.#turns.at(-2)?.content === this.#latest;
    if (isAnswered) this.#turns = this.#turns.slice(0, -2);
    return this.#latest;
  }
}
