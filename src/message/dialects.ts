/* What reads the streams of other servers. It is loaded for the first one: see stream/event-translator.ts. */
export { messageEvents } from './message-events.js';
export { Normalizer } from './normalize.js';
