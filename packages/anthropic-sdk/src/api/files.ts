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
    return this.download_(path`/v1/files/${id}/content`, params, options);
  }

  retrieveMetadata(
    id: string,
    params?: PlainParams | null,
    options?: RequestOptions,
  ): APIPromise<FileMetadata> {
    return this.send('get', path`/v1/files/${id}`, params, options);
  }

  upload(
    { file, ...params }: FileUploadParams,
    options?: RequestOptions,
  ): APIPromise<FileMetadata> {
    return this.upload_('/v1/files', params, formOf(file), options);
  }
}

async function formOf(file: Uploadable): Promise<FormData> {
  const form = new FormData();
  form.append('file', await toFile(file));
  return form;
}
