import type { EmulatorRequest, Pace } from '../../testing/index.js';

/** Slow enough to watch the text arrive. */
export const READING_PACE: Pace = { firstToken: 300, tokensPerSecond: 80, jitter: 0.5 };

/** What the emulator replies with without a key. Written for this project. */
const STORIES: readonly string[] = [
  `The mill at Harrow's End had stood still for eleven years when the new miller came.

She did not mend the wheel first. She walked upstream with a spade, and for three weeks nobody saw her. The village said that she had gone home.

Then, one morning in April, the wheel groaned and turned. Not fast: one turn, a rest, one turn. The children ran to look. The water came down the race no wider than a hand.

"Is that all?" asked the baker.

"It is all there is," said the miller. "Before, it came all at once and went to waste, or it did not come. Now it comes when the wheel asks for it."

That autumn the baker sold bread from his own village for the first time since his father's days. The wheel never raced, and it never stopped. When strangers praised it, he told them that the secret was not in the wheel at all.`,
  `Every evening at six the lighthouse keeper wrote one sentence, put it in a bottle and threw it into the sea.

He never began a new story before the old one was finished, and so the bottles that washed ashore in Porthleven over the years made one long tale. The schoolmistress kept them in order on the shelf behind the stove.

One winter a bottle came with half a sentence in it. The ink ran off the edge of the paper in the middle of a word.

The schoolmistress read it twice. Then she took the lifeboat men away from their dinner, and they rowed out in the dark, and they found him with his leg broken at the foot of the stair, quite alive, and cross that he had been interrupted.

"How did you know?" he asked.

"You never end like that," she said, and gave him the pen.`,
  `"Who is there?" called the night watchman of the library.

"A word," said a small voice from between the shelves. "I fell out of a book."

He held up the lamp. It was a short word, rather worn at the edges, the kind that is used every day and thanked for nothing.

"Which book?"

"I don't know. Nobody has missed me. They read on without stopping."

The watchman thought about that. Then he took down the first book, sat on the step of the ladder, and read it aloud from the beginning, slowly, with his finger under the line. He read all night, and the next, and the one after that. In the fourth week he came to a sentence that limped.

"There," said the word, and hopped in; and the whole shelf seemed to breathe out.

The word was "and". You may check whether it is still there.`,
];

interface Turn {
  readonly role?: unknown;
  readonly content?: unknown;
}

const MAX_QUOTE = 60;

/** What a user turn says, in one short line; undefined for one without text. */
function toQuote({ content }: Turn): string | undefined {
  const blocks = Array.isArray(content) ? content : [{ text: content }];
  const text = blocks
    .map((block: { text?: unknown }) => (typeof block?.text === 'string' ? block.text : ''))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (text === '') return undefined;
  return text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text;
}

/**
 * The reply to a request: what was asked, and a story. The same prompt always gets the same one; a
 * conversation that goes on gets another, and what it began with.
 */
export function getStory({ body }: EmulatorRequest): string {
  const { messages } = (body ?? {}) as { messages?: unknown };
  const turns: readonly Turn[] = Array.isArray(messages) ? messages : [];
  const asked = turns.filter(({ role }) => role === 'user').map(toQuote);
  const [first, last] = [asked[0], asked.at(-1)];
  let sum = 0;
  for (const character of first ?? '') sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  const story = STORIES[(sum + asked.length) % STORIES.length] ?? '';
  if (last === undefined) return story;
  const intro =
    asked.length > 1 && first !== undefined
      ? `You began with “${first}”, and now you ask “${last}”. That is turn ${asked.length}.`
      : `You ask “${last}”.`;
  return `${intro}\n\n${story}`;
}
