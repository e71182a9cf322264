import { type Message, type MessageParam, toMessageParam } from '../../index.js';
import type { Content } from '../request/request-params.js';

/** The turns of a chat. A prompt without an answer isn't one of them, but can be sent again. */
export class Conversation {
  system: string | undefined;
  #turns: MessageParam[];
  #latest: Content | undefined;
  #isAnswered = false;

  constructor(system: string | undefined, turns: readonly MessageParam[] = []) {
    this.system = system;
    this.#turns = [...turns];
    const [prompt, answer] = turns.slice(-2);
    this.#isAnswered = prompt?.role === 'user' && answer?.role === 'assistant';
    if (this.#isAnswered) this.#latest = prompt?.content as Content;
  }

  get turns(): readonly MessageParam[] {
    return this.#turns;
  }

  /** @returns the turns to send. */
  ask(content: Content): readonly MessageParam[] {
    this.#latest = content;
    this.#isAnswered = false;
    this.#turns.push({ role: 'user', content });
    return this.#turns;
  }

  /** Adds what has arrived of the answer to the latest prompt, finished or cut off. */
  addAnswer(message: Message | undefined): void {
    const turn = message && toMessageParam(message);
    this.#isAnswered = turn !== undefined && turn.content.length > 0;
    if (turn !== undefined && this.#isAnswered) this.#turns.push(turn);
    else this.#turns.pop();
  }

  /** Removes the latest prompt and its answer, if it has one. @returns the prompt. */
  takeBack(): Content | undefined {
    if (this.#isAnswered) this.#turns = this.#turns.slice(0, -2);
    this.#isAnswered = false;
    return this.#latest;
  }
}
