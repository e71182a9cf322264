/** How far the JSON of a tool's input got. */
export interface ToolInput {
  /**
   * - `complete`: `input` is all that the model wrote.
   * - `cut`: the JSON ends before its value does: the block is still streaming, or `max_tokens` or a
   *   broken stream cut it. `input` is what there is of it.
   * - `invalid`: it is not JSON. The API does not validate input under `eager_input_streaming`. The
   *   `input` of a finished block is `{}` then.
   */
  status: 'complete' | 'cut' | 'invalid';
  /** The JSON as it was received. */
  json: string;
  /** Why the JSON is not a value; only where `status` is not `complete`. */
  reason?: string;
}

// Beside the block, not in it: blocks stay plain API data that can be sent back as they are.
const inputs = new WeakMap<object, ToolInput>();

/**
 * Whether the `input` of a `tool_use`, `server_tool_use` or `mcp_tool_use` block can be trusted, and
 * the raw JSON behind it. Never run a tool whose status is not `complete`.
 *
 * Blocks that did not come out of a stream are taken at their word: `complete`.
 */
export function toolInput(block: { readonly input: unknown }): ToolInput {
  return rememberedInput(block) ?? { status: 'complete', json: JSON.stringify(block.input) ?? '' };
}

/** The state of an input whose JSON has not come to its end. */
export function unfinished(json: string, reason = 'not finished'): ToolInput {
  return { status: 'cut', json, reason };
}

/** Remembers what a block's input was made from. */
export function rememberInput(block: object, input: ToolInput): void {
  inputs.set(block, input);
}

/** What is remembered of a block, undefined for one that did not come out of a stream. */
export function rememberedInput(block: object): ToolInput | undefined {
  return inputs.get(block) ?? Unfinished.inputOf(block);
}

class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: so that a private field goes into an object that is plain.
    return object;
  }
}

/**
 * The object it is given, to be filled with a block whose input has not come to its end. It remembers
 * the JSON in a field that nobody else sees: one is made for each delta that is looked at, and for so
 * many a WeakMap costs ten times as much. An object that is not empty takes a field as slowly.
 */
export class Unfinished extends Given {
  readonly #json: string;

  constructor(empty: object, json: string) {
    super(empty);
    this.#json = json;
  }

  static inputOf(block: object): ToolInput | undefined {
    return #json in block ? unfinished(block.#json) : undefined;
  }
}
