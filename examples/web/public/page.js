import { APIUserAbortError, MessageStream, toMessageParam } from 'millrace';

const form = document.querySelector('form');
const [send, stop] = form.querySelectorAll('button');
const alert = document.querySelector('[role=alert]');
const messages = [];
let stream;

form.addEventListener('submit', async (submit) => {
  submit.preventDefault();
  const question = form.elements.question.value;
  form.reset();
  messages.push({ role: 'user', content: question });
  show('You', question);
  await answer(show('Claude', ''));
});

stop.addEventListener('click', () => stream?.close());

async function answer(element) {
  setBusy(true);
  alert.textContent = '';
  stream = undefined;
  try {
    const body = JSON.stringify({ messages });
    stream = MessageStream.from(await fetch('/chat', { method: 'POST', body }));
    for await (const text of stream.textStream) element.append(text);
  } catch (error) {
    if (!(error instanceof APIUserAbortError)) alert.textContent = error.message;
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
