export { jsonSchemaOutputFormat } from './helpers/json-schema.js';
export { zodOutputFormat } from './helpers/zod.js';
