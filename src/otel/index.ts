/**
 * OpenTelemetry for millrace: spans, metrics and propagation. Its only import from elsewhere is
 * `@opentelemetry/api` 1.9 or later, which your app has if it uses OpenTelemetry.
 */

export { type InstrumentedClient, type InstrumentOptions, instrument } from './instrument.js';
