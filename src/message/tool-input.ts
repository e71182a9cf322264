import { inputState } from './input-state.js';

/** How far the JSON of a tool's input got. */
export interface ToolInput {
  /**
   * - `complete`: `input` is all that the model wrote.
   * - `cut`: the JSON ends before its value does: the block is still streaming, or `max_tokens` or a
   *   broken stream cut it. `input` is the part that arrived.
   * - `invalid`: it is not JSON. The API does not validate input under `eager_input_streaming`. The
   *   `input` of a finished block is `{}` then.
   */
  status: 'complete' | 'cut' | 'invalid';
  /** The JSON as it was received; for a complete input an equal JSON. */
  json: string;
  /** Why the JSON is not a value; only where `status` is not `complete`. */
  reason?: string;
}

/**
 * Whether the `input` of a `tool_use`, `server_tool_use` or `mcp_tool_use` block can be trusted, and
 * the JSON behind it. Never run a tool whose status is not `complete`.
 *
 * A block whose input is cut or invalid says so in its field `inputState`. That is plain data: it survives
 * a copy, a JSON round trip and a database, so a cut call can't be mistaken for a complete one.
 * `toMessageParam` leaves such blocks out; the API would refuse the field. Blocks without it are
 * `complete`.
 */
export function toolInput(block: { readonly input: unknown }): ToolInput {
  const state = inputState(block);
  if (state === undefined) {
    return {
      status: 'complete',
      // Written only where it is asked for: an input can be large.
      get json() {
        return JSON.stringify(block.input) ?? '';
      },
    };
  }
  const { status, json } = state;
  if (status === 'complete') return { status, json };
  const { reason = 'not finished' } = state;
  return { status: status === 'open' ? 'cut' : status, json, reason };
}
