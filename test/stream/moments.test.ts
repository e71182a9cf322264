import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { APIUserAbortError } from '../../src/errors.js';
import { failure, idle, PARAMS, turns } from './support.js';

/** So many turns of the microtask queue after the first need, in which a stream may be ended. */
const MOMENTS = Array.from({ length: 30 }, (_, moment) => moment);

describe.each(['close()', 'a signal'])('%s', (how) => {
  it.each(MOMENTS)(
    '%i microtasks after the first need leaves no request behind',
    async (moment) => {
      const signals: AbortSignal[] = [];
      const fetch = (_: string, { signal }: RequestInit): Promise<Response> => {
        signals.push(signal as AbortSignal);
        return new Promise(() => {});
      };
      const client = new Anthropic({ apiKey: 'key', maxRetries: 0, fetch });
      const controller = new AbortController();
      const stream = client.messages.stream(PARAMS, { signal: controller.signal });
      const failed = failure(stream.getFinalMessage());
      await turns(moment);
      if (how === 'close()') stream.close();
      else controller.abort();
      expect(await failed).toBeInstanceOf(APIUserAbortError);
      await idle();
      expect(signals.filter(({ aborted }) => !aborted)).toEqual([]);
    },
  );
});
