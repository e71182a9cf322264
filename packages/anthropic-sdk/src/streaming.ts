export { type ServerSentEvent, Stream } from './core/streaming.js';
