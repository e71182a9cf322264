export { Page, Page as PageCursor, Page as TokenPage, PagePromise } from './core/pagination.js';
