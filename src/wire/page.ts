/** Which part of a list is asked for. */
export interface PageParams {
  /** The most items in a page. The API's default is 20. */
  limit?: number | undefined;
  /** The page after this item, by its id. */
  after_id?: string | undefined;
  /** The page before this item. */
  before_id?: string | undefined;
  /** Sent in the header `anthropic-workspace-id`, for keys of more than one workspace. */
  workspace_id?: string | undefined;
}
