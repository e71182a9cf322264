import { toInput } from './to-input.js';
import type { UntypedBlock } from './untyped.js';

/**
 * Makes the tool calls of one message ones that can be answered: the API refuses a turn with an id that is
 * empty or there twice, and with an input that is no object.
 */
export class ToolCalls {
  readonly #ids = new Set<unknown>();
  /** Of the message that they are in. */
  messageId: unknown;

  /** A block whose id no other has; a call also with a name without white space around it, and an input. */
  usable(block: UntypedBlock): UntypedBlock {
    if (block.type !== 'tool_use') {
      if (block.id !== undefined) this.#ids.add(block.id);
      return block;
    }
    const id = isUsableId(block.id) && !this.#ids.has(block.id) ? block.id : this.#freshId();
    this.#ids.add(id);
    const name = trimmedName(block.name);
    const input = toInput(block.input);
    if (id === block.id && name === block.name && input === block.input) return block;
    return { ...block, id, ...(name === undefined ? {} : { name }), input };
  }

  /** It differs from those of other turns by the id of the message, and of one without an id by chance. */
  #freshId(): string {
    const from = typeof this.messageId === 'string' ? this.messageId.replaceAll(/\W/g, '') : '';
    const own = from.slice(-40) || Math.random().toString(36).slice(2);
    let n = this.#ids.size;
    while (this.#ids.has(`toolu_${own}_${n}`)) n++;
    return `toolu_${own}_${n}`;
  }

  /** Its block was discarded. */
  forget(id: unknown): void {
    this.#ids.delete(id);
  }
}

/** Some models write a blank or a line break after a name. What no tool can be called stays as it is. */
function trimmedName(name: unknown): unknown {
  const trimmed = typeof name === 'string' ? name.trim() : '';
  return /^[\w.:-]{1,256}$/.test(trimmed) ? trimmed : name;
}

export function isUsableId(id: unknown): boolean {
  return typeof id === 'string' && id.trim() !== '';
}
