/** What the model of the soak has in mind. No part of it of more than a few letters comes twice. */
export const STORY =
  'Once a miller lived by the slow green river, with nine cats and one very proud donkey. ' +
  'Every morning he opened the sluice, listened, and said what sort of flour the day would give. ' +
  'People laughed at that, until the spring when it was all true: fine as dust on Monday, ' +
  'coarse as gravel by Thursday – and on Sunday, «nothing at all». So they asked how he knew. ' +
  '“I stop when the stones stop,” answered the old man, 水車小屋, 🐈‍⬛, and went to bed.';
