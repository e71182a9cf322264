import type { APIPromise } from '../core/api-promise.js';
import type { PagePromise } from '../core/pagination.js';
import { toFile, type Uploadable } from '../core/uploads.js';
import type { RequestOptions } from '../options.js';
import { type PlainParams, PlainResource, path } from './plain.js';

// biome-ignore lint/suspicious/noExplicitAny: passed through as the API has it.
type Passed = any;

export interface SkillCreateParams extends PlainParams {
  display_title?: string | null;
  files?: Uploadable[];
}

/** `client.beta.skills.versions`. */
export class Versions extends PlainResource {
  create(
    skill: string,
    { files = [], ...params }: SkillCreateParams = {},
    options?: RequestOptions,
  ): APIPromise<Passed> {
    return this.upload_(path`/v1/skills/${skill}/versions`, params, formOf(files), options);
  }

  retrieve(
    version: string,
    { skill_id, ...params }: PlainParams,
    options?: RequestOptions,
  ): APIPromise<Passed> {
    return this.send('get', path`/v1/skills/${skill_id}/versions/${version}`, params, options);
  }

  list(skill: string, params?: PlainParams | null, options?: RequestOptions): PagePromise<Passed> {
    return this.list_(path`/v1/skills/${skill}/versions`, params, options);
  }

  delete(
    version: string,
    { skill_id, ...params }: PlainParams,
    options?: RequestOptions,
  ): APIPromise<Passed> {
    return this.send('delete', path`/v1/skills/${skill_id}/versions/${version}`, params, options);
  }

  download(
    version: string,
    { skill_id, ...params }: PlainParams,
    options?: RequestOptions,
  ): APIPromise<Response> {
    const content = path`/v1/skills/${skill_id}/versions/${version}/content`;
    return this.download_(content, params, options);
  }
}

/** `client.skills` and `client.beta.skills`. */
export class Skills extends PlainResource {
  readonly versions: Versions = new Versions(this.client, SKILLS_BETA);

  create(
    { display_title, files = [], ...params }: SkillCreateParams = {},
    options?: RequestOptions,
  ): APIPromise<Passed> {
    return this.upload_('/v1/skills', params, formOf(files, display_title), options);
  }

  retrieve(id: string, params?: PlainParams | null, options?: RequestOptions): APIPromise<Passed> {
    return this.send('get', path`/v1/skills/${id}`, params, options);
  }

  list(params?: PlainParams | null, options?: RequestOptions): PagePromise<Passed> {
    return this.list_('/v1/skills', params, options);
  }

  delete(id: string, params?: PlainParams | null, options?: RequestOptions): APIPromise<Passed> {
    return this.send('delete', path`/v1/skills/${id}`, params, options);
  }
}

export const SKILLS_BETA: readonly string[] = ['skills-2025-10-02'];

/** The files of a skill keep their folders: `my-skill/SKILL.md`. */
async function formOf(files: Uploadable[], title?: string | null): Promise<FormData> {
  const body = new FormData();
  if (title) body.append('display_title', title);
  for (const file of files) {
    const { name } = file as { name?: string };
    body.append('files[]', await toFile(file), name ?? 'unknown_file');
  }
  return body;
}
