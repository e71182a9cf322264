/**
 * All types of the API by name: the one list behind the root entry and the namespace `Anthropic`. Inside,
 * import from the file that has the type.
 */

export type * from './batches.js';
export type * from './beta.js';
export type * from './beta-params.js';
export type * from './blocks.js';
export type * from './citations.js';
export type * from './content-params.js';
export type * from './deltas.js';
export type * from './errors.js';
export type * from './events.js';
export type * from './message.js';
export type * from './model.js';
export type * from './models.js';
export type * from './open.js';
export type * from './page.js';
export type * from './params.js';
export type * from './server-tool-results.js';
export type * from './tools.js';
export type * from './usage.js';
