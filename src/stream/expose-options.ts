import { aBoolean, type OptionChecks } from '../check-options.js';

/** What `toResponse()` passes on besides text. All of it is true by default. */
export interface ExposeOptions {
  /** The text of thinking blocks, and their signatures. The blocks stay, without content. */
  thinking?: boolean | undefined;
  /** The input of tool calls. The calls stay, with the input `{}`. */
  toolInputs?: boolean | undefined;
  /** The results of tools that the API runs. The blocks stay, without content. */
  toolResults?: boolean | undefined;
  /** Usage counters. They are zero where they are hidden. */
  usage?: boolean | undefined;
}

export const EXPOSE_OPTIONS: OptionChecks<ExposeOptions> = {
  thinking: aBoolean,
  toolInputs: aBoolean,
  toolResults: aBoolean,
  usage: aBoolean,
};
