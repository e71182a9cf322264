import { type Exchange, type Protocol, type RawServer, rawServer } from '../support/raw-server.js';
import type { ContractCase } from './cases.js';
import type { Script } from './script.js';

/** What a client that plays a case may ask of the server, from whatever runtime it runs on. */
export type Question = 'seen' | 'played' | 'left';

/** Answers a question as soon as that is so. */
const answers: Readonly<Partial<Record<Question, (exchange: Exchange) => Promise<void>>>> = {
  /** Tells it that what was sent has come. */
  seen: async (exchange) => exchange.seen(),
  /** It has sent all; or the client has closed the connection, as it does after an error event. */
  played: (exchange) => Promise.race([exchange.played, exchange.left]),
  /** It has seen the client close the connection. */
  left: (exchange) => exchange.left,
};

/** Stands for the start of the path, for a client that plays many cases. */
export const CASE_HEADER = 'x-case';

/**
 * Plays the cases: number n at `/n/ANYTHING/v1/messages`, and at `/n/ANYTHING/QUESTION` the answers
 * about that exchange.
 */
export function contractServer(
  cases: readonly ContractCase[],
  protocol: Protocol = 'http',
): Promise<RawServer> {
  const playing = new Map<string, Exchange>();
  const play = (exchange: Exchange): Script => {
    const named = exchange.headers[CASE_HEADER];
    const path = named === undefined ? exchange.path : `/${named}${exchange.path}`;
    const [, n, way, question] = path.split('/');
    const key = `${n}/${way}`;
    const asked = playing.get(key);
    const answer = answers[question as Question];
    if (asked !== undefined && answer !== undefined) return { body: [answer(asked), 'yes'] };
    // Also again: some platforms repeat a request whose kept connection was reset.
    playing.set(key, exchange);
    return (cases[Number(n)] as ContractCase).script;
  };
  return rawServer(play, { protocol });
}
