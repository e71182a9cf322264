/** The names of a version of the GenAI conventions, and what they measure. */
export interface Names {
  attributes: {
    operation: string;
    provider: string;
    model: string;
    stream: string;
    maxTokens: string;
    temperature: string;
    topP: string;
    topK: string;
    stopSequences: string;
    responseId: string;
    responseModel: string;
    finishReasons: string;
    timeToFirstChunk: string;
    inputTokens: string;
    outputTokens: string;
    cacheReadTokens: string;
    cacheWriteTokens: string;
    reasoningTokens: string;
    toolName: string;
    toolType: string;
    toolCallId: string;
    inputMessages: string;
    outputMessages: string;
    systemInstructions: string;
    toolDefinitions: string;
    toolArguments: string;
    toolResult: string;
  };
  /** Histograms of seconds. */
  durations: {
    inference: string;
    /** Of calls that generate nothing. */
    other: string;
    timeToFirstChunk: string;
    timePerOutputChunk: string;
  };
  tokens: readonly TokenMetric[];
  /** What stands for the finish reason of a response that has none. */
  unfinished: string | undefined;
}

/** Counts tokens. */
export interface TokenMetric {
  name: string;
  kind: 'counter' | 'histogram';
  of: TokenCount;
  attributes?: Readonly<Record<string, string>>;
}

export type TokenCount = 'input' | 'output' | 'cacheRead' | 'cacheWrite' | 'reasoning';
