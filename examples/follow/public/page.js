/* The page: its address has the id of the answer, so a reload, a bookmark or another tab finds it again. */
import { followInOneTab } from './follow-in-one-tab.js';

const [form, main, status] = ['form', 'main', '[role=status]'].map((name) =>
  document.querySelector(name),
);
const urlOf = (id) => `/answers/${id}`;
const id = () => location.hash.slice(1);
let leave = () => {};

/** Shows the answer that the address names. */
function show() {
  leave();
  main.textContent = '';
  status.textContent = '';
  if (id() === '') return;
  leave = followInOneTab(urlOf(id()), ({ text, state }) => {
    main.textContent = text;
    status.textContent = state;
  });
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const response = await fetch('/ask', { method: 'POST', body: form.question.value });
  form.reset();
  location.hash = await response.text();
});
form.querySelector('[type=button]').addEventListener('click', () => {
  fetch(urlOf(id()), { method: 'DELETE' });
});
addEventListener('hashchange', show);
show();
