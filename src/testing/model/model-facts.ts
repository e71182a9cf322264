/** All levels of effort, of which a model has some. */
export const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

export type Effort = (typeof EFFORTS)[number];
export type Thinking = 'adaptive' | 'between_tools' | 'disabled' | 'enabled';

/** What the API does with the requests for one model. Prices are left out. */
export interface ModelFacts {
  /** The id that an alias stands for, such as `claude-sonnet-4-5-20250929`. */
  readonly id: string;
  /** Other names of it. */
  readonly aliases?: readonly string[];
  /** Of the model and of its retirement, where it is planned; ISO dates. */
  readonly released?: string;
  readonly deprecated?: string;
  readonly retires?: string;
  /** The context window, in tokens. */
  readonly maxInputTokens: number;
  /** The most that `max_tokens` may be. */
  readonly maxTokens: number;
  /** The types of `thinking` that it takes; none: the param is refused. */
  readonly thinking: readonly Thinking[];
  /** The levels of `output_config.effort` that it takes; none: the param is refused. */
  readonly effort: readonly Effort[];
  /** `temperature`, `top_p` and `top_k`: any, all but temperature and `top_p` together, or none. */
  readonly sampling: 'any' | 'one' | 'none';
  /** Whether the conversation may end with the start of the answer. */
  readonly prefill: boolean;
  /** Whether a conversation may have turns of the role `system`. */
  readonly systemTurns: boolean;
  /** Where these facts are from, and the day on which they were true. */
  readonly source: string;
  readonly date: string;
}

/** A model that is added to the table; what it doesn't say is as with the newest models. */
export type MoreModelFacts = Pick<ModelFacts, 'id'> & Partial<ModelFacts>;
