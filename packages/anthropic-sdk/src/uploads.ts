export { type ToFileInput, toFile, type Uploadable } from './core/uploads.js';
