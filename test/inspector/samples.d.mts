/** A recorded exchange, written line by line on a clock of its own. Each method adds to it and returns it. */
export class Sample {
  constructor(options?: {
    body?: object;
    sent?: object;
    headers?: Readonly<Record<string, string>>;
  });
  readonly text: string;
  wait(ms: number): this;
  head(status?: number, headers?: Readonly<Record<string, string>>): this;
  bytes(text: string): this;
  event(type: string, fields?: object): this;
  start(usage?: object): this;
  text_(index: number, text: string, ms?: number): this;
  thinking(index: number, text: string, ms?: number): this;
  tool(index: number, name: string, input: object, type?: string): this;
  note(name: string, value: object): this;
  stop(stopReason?: string, outputTokens?: number): this;
  end(end?: 'complete' | 'broken' | 'left'): this;
}

export function stalled(): string;
export function searched(): string;
export function retried(): Record<string, string>;
export function large(): string;
