import {
  both,
  fields,
  listOf,
  oneOf,
  problem,
  type Rule,
  string,
  stringOr,
  tagged,
  text,
} from './rules.js';

/** The API counts the characters of base64, not the bytes that they stand for. */
const MAX_IMAGE = 5 * 1024 * 1024;

const BASE64 = /^[A-Za-z0-9+/\r\n]*={0,2}$/;

/** The first characters of each format in base64. */
const FORMATS: readonly (readonly [start: string, mediaType: string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
];

interface Base64 {
  readonly data: string;
  readonly media_type: string;
}

const imageData: Rule = (value, path) => {
  const { data, media_type: type } = value as Base64;
  if (data === '') return problem(path, 'image cannot be empty');
  if (data.length > MAX_IMAGE) {
    return problem(path, `image exceeds 5 MB maximum: ${data.length} bytes > ${MAX_IMAGE} bytes`);
  }
  if (!BASE64.test(data)) return problem(path, 'invalid base64 data');
  const format = FORMATS.find(([start]) => data.startsWith(start))?.[1];
  return format === undefined || format === type
    ? undefined
    : problem(`${path}.data`, `Image does not match the provided media type ${type}`);
};

const url: Rule = fields({ url: text });
const file: Rule = fields({ file_id: text });

/** The field `source` of an image. */
export const imageSource: Rule = tagged({
  base64: both(
    fields({
      media_type: oneOf('image/jpeg', 'image/png', 'image/gif', 'image/webp'),
      data: string,
    }),
    imageData,
  ),
  file,
  url,
});

const documentData: Rule = (value, path) => {
  const { data } = value as Base64;
  if (data === '') return problem(path, 'PDF cannot be empty');
  return BASE64.test(data) ? undefined : problem(path, 'invalid base64 data');
};

/**
 * The field `source` of a document.
 * @param block the rule of the blocks in a source of the type `content`.
 */
export function documentSource(block: Rule): Rule {
  return tagged({
    base64: both(fields({ media_type: oneOf('application/pdf'), data: string }), documentData),
    content: fields({ content: stringOr(listOf(block)) }),
    file,
    text: fields({ media_type: oneOf('text/plain'), data: string }),
    url,
  });
}
