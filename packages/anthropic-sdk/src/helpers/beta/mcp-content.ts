import type { ContentBlockParam } from 'millrace';

/** A content of the Model Context Protocol. */
export type MCPContentLike =
  | { type: 'text'; text: string }
  | { type: 'image' | 'audio'; data: string; mimeType: string }
  | { type: 'resource'; resource: MCPResourceContentsLike }
  | { type: 'resource_link'; uri: string; name: string; mimeType?: string | undefined };

/** A resource: text, or bytes in base64. */
export type MCPResourceContentsLike =
  | { uri: string; mimeType?: string | undefined; text: string }
  | { uri: string; mimeType?: string | undefined; blob: string };

/** What `readResource()` of an MCP client resolves with. */
export interface MCPReadResourceResultLike {
  contents: MCPResourceContentsLike[];
}

/** A content that the API has no block for. */
export class UnsupportedMCPValueError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnsupportedMCPValueError';
  }
}

/**
 * A content of an MCP prompt or tool as a block.
 * @param extraProps more fields of the block, such as `cache_control`.
 * @throws UnsupportedMCPValueError for audio, links, and types that the API doesn't take.
 */
export function mcpContent(
  content: MCPContentLike,
  extraProps: Record<string, unknown> = {},
): ContentBlockParam {
  if (content.type === 'text') return { type: 'text', text: content.text, ...extraProps };
  if (content.type === 'resource') return toBlock(content.resource, extraProps);
  if (content.type !== 'image') {
    throw new UnsupportedMCPValueError(`Unsupported MCP content type: ${content.type}`);
  }
  if (!IMAGE.test(content.mimeType)) {
    throw new UnsupportedMCPValueError(`Unsupported image MIME type: ${content.mimeType}`);
  }
  return base64Block('image', content.mimeType, content.data, extraProps);
}

/**
 * The first resource that the API takes, as a block.
 * @throws UnsupportedMCPValueError where there is none.
 */
export function mcpResourceToContent(
  { contents }: MCPReadResourceResultLike,
  extraProps: Record<string, unknown> = {},
): ContentBlockParam {
  first(contents);
  const supported = contents.find(({ mimeType }) => isSupported(mimeType));
  if (supported !== undefined) return toBlock(supported, extraProps);
  const types = contents.map(({ mimeType }) => mimeType).join(', ');
  throw new UnsupportedMCPValueError(
    `No supported MIME type found in resource contents. Available: ${types}`,
  );
}

/** The first resource as a File, for `files.upload()`. @throws UnsupportedMCPValueError where there is none. */
export function mcpResourceToFile({ contents }: MCPReadResourceResultLike): File {
  const resource = first(contents);
  const { uri, mimeType } = resource;
  const name = new URL(uri).pathname.split('/').at(-1) || 'file';
  const part = 'blob' in resource ? bytesOf(resource.blob) : resource.text;
  return new File([part], name, mimeType ? { type: mimeType } : {});
}

const IMAGE = /^image\/(jpeg|png|gif|webp)$/;
const PDF = 'application/pdf';

function isText(type: string | undefined): boolean {
  return !type || type.startsWith('text/');
}

function isSupported(type: string | undefined): boolean {
  return isText(type) || type === PDF || IMAGE.test(type as string);
}

function toBlock(
  resource: MCPResourceContentsLike,
  extraProps: Record<string, unknown>,
): ContentBlockParam {
  const { uri, mimeType: type } = resource;
  if (isText(type)) {
    const data =
      'text' in resource ? resource.text : new TextDecoder().decode(bytesOf(resource.blob));
    return {
      type: 'document',
      source: { type: 'text', data, media_type: 'text/plain' },
      ...extraProps,
    };
  }
  if (!isSupported(type)) {
    throw new UnsupportedMCPValueError(`Unsupported MIME type "${type}" for resource: ${uri}`);
  }
  const kind = type === PDF ? 'PDF' : 'Image';
  if (!('blob' in resource)) {
    throw new UnsupportedMCPValueError(
      `${kind} resource must have blob data, not text. URI: ${uri}`,
    );
  }
  return base64Block(
    type === PDF ? 'document' : 'image',
    type as string,
    resource.blob,
    extraProps,
  );
}

function base64Block(
  type: 'image' | 'document',
  media_type: string,
  data: string,
  extraProps: Record<string, unknown>,
): ContentBlockParam {
  return { type, source: { type: 'base64', data, media_type }, ...extraProps } as ContentBlockParam;
}

function first(contents: MCPResourceContentsLike[]): MCPResourceContentsLike {
  const [resource] = contents;
  if (resource !== undefined) return resource;
  throw new UnsupportedMCPValueError('Resource contents array must contain at least one item');
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
