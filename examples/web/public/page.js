import { MessageStream, toMessageParam } from 'millrace';

const form = document.querySelector('form');
const [send, stop] = form.querySelectorAll('button');
const alert = document.querySelector('[role=alert]');
const messages = [];
let leaving;

form.addEventListener('submit', async (submit) => {
  submit.preventDefault();
  const question = form.elements.question.value;
  form.reset();
  messages.push({ role: 'user', content: question });
  show('You', question);
  await answer(show('Claude', ''));
});

stop.addEventListener('click', () => leaving?.abort());

async function answer(element) {
  setBusy(true);
  alert.textContent = '';
  leaving = new AbortController();
  const { signal } = leaving;
  let stream;
  try {
    const body = JSON.stringify({ messages });
    const response = await fetch('/chat', { method: 'POST', body, signal });
    stream = MessageStream.from(response, { signal });
    for await (const text of stream.textStream) element.append(text);
  } catch (error) {
    if (!signal.aborted) alert.textContent = error.message;
  }
  remember(stream?.currentMessageSnapshot);
  setBusy(false);
}

/** What was cut short was said all the same. */
function remember(message) {
  const turn = message && toMessageParam(message);
  if (turn?.content.length) messages.push(turn);
}

function setBusy(isBusy) {
  send.disabled = isBusy;
  stop.disabled = !isBusy;
}

function show(who, text) {
  const element = document.createElement('p');
  element.dataset.who = who;
  element.append(text);
  document.querySelector('main').append(element);
  return element;
}
