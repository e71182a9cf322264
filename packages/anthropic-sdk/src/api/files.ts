import type { APIPromise } from '../core/api-promise.js';
import type { PagePromise } from '../core/pagination.js';
import type { Uploadable } from '../core/uploads.js';
import { toFile } from '../core/uploads.js';
import type { RequestOptions } from '../options.js';
import { type PlainParams, PlainResource, path } from './plain.js';

/** A file that was uploaded, or that a tool made. */
export interface FileMetadata {
  id: string;
  type: 'file';
  filename: string;
  mime_type: string;
  size_bytes: number;
  created_at: string;
  downloadable?: boolean;
}

export interface FileUploadParams extends PlainParams {
  file: Uploadable;
}

/** `client.files` and `client.beta.files`. */
export class Files extends PlainResource {
  list(params?: PlainParams | null, options?: RequestOptions): PagePromise<FileMetadata> {
    return this.list_('/v1/files', params, options);
  }

  delete(
    id: string,
    params?: PlainParams | null,
    options?: RequestOptions,
  ): APIPromise<{ id: string; type?: 'file_deleted' }> {
    return this.send('delete', path`/v1/files/${id}`, params, options);
  }

  /** The response, whose body is the content. */
  download(
    id: string,
    params?: PlainParams | null,
    options?: RequestOptions,
  ): APIPromise<Response> {
    const binary = {
      ...options,
      headers: { accept: 'application/binary', ...(options?.headers as object) },
      isBinary: true,
    };
    return this.send('get', path`/v1/files/${id}/content`, params, binary);
  }

  retrieveMetadata(
    id: string,
    params?: PlainParams | null,
    options?: RequestOptions,
  ): APIPromise<FileMetadata> {
    return this.send('get', path`/v1/files/${id}`, params, options);
  }

  async upload(
    { file, ...params }: FileUploadParams,
    options?: RequestOptions,
  ): Promise<FileMetadata> {
    const body = new FormData();
    body.append('file', await toFile(file));
    return this.send<FileMetadata>(
      'post',
      '/v1/files',
      { betas: params.betas },
      { ...options, body },
    );
  }
}
