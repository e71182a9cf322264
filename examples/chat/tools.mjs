/* What the model may use, each call only after you have approved it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { tool } from 'millrace';

export const tools = [
  tool({
    name: 'get_weather',
    description: 'The weather of a city, today.',
    input: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    },
    async run({ city }) {
      await sleep(400); // as a weather station would take
      return `${city}: 14 °C, light rain until noon, then sun.`;
    },
  }),
  tool({
    name: 'set_reminder',
    description: 'Reminds the user of something.',
    input: {
      type: 'object',
      properties: {
        what: { type: 'string' },
        at: { type: 'string', description: 'such as 08:00' },
      },
      required: ['what', 'at'],
    },
    run: ({ what, at }) => `Reminder set for ${at}: ${what}.`,
  }),
];
