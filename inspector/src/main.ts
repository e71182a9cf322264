import { html, render } from 'htm/preact';
import { App } from './app.js';
import { listenToKeys } from './keys.js';
import { acceptDrops } from './source/drop.js';
import { readEmbedded } from './source/embedded.js';
import { connect } from './source/live.js';
import './style.css';
import { startTheme } from './theme.js';

startTheme();
readEmbedded();
connect();
acceptDrops();
listenToKeys();
render(html`<${App} />`, document.getElementById('app') as HTMLElement);
