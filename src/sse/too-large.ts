/** One event, or one line of it, is over the decoder's limit. The events before it were given. */
export class EventTooLargeError extends RangeError {
  /** @internal */
  override get name(): string {
    return 'EventTooLargeError';
  }

  constructor(limit: number) {
    super(`an event of the stream is larger than ${limit} bytes; raise maxEventBytes to accept it`);
  }
}
