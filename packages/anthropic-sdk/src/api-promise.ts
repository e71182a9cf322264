export { APIPromise, type WithRequestID } from './core/api-promise.js';
