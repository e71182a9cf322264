/**
 * What a block says about its input, as `toolInput` reads it; but the input of a block that has no
 * `content_block_stop` is `open`, whatever its JSON.
 */
export interface InputState {
  status: 'open' | 'complete' | 'cut' | 'invalid';
  /** The JSON as it was received. */
  json: string;
  /** Why the JSON is not a value. */
  reason?: string;
}

/** The state in a block; undefined where it has none that makes sense: such a block is complete. */
export function inputState(block: object): InputState | undefined {
  const { inputState } = block as { inputState?: Partial<InputState> | null };
  const isState = typeof inputState?.json === 'string' && STATUSES.has(inputState.status);
  return isState ? (inputState as InputState) : undefined;
}

const STATUSES: ReadonlySet<unknown> = new Set(['open', 'complete', 'cut', 'invalid']);

/** A block as the API knows it. */
export function withoutInputState<B extends object>(block: B): B {
  if (!('inputState' in block)) return block;
  const { inputState: _, ...rest } = block;
  return rest as B;
}
