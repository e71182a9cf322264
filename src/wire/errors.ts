import type { OpenString } from './open.js';

/** The body of an error response; also the data of an `error` event, which comes with HTTP 200. */
export interface ErrorBody {
  type: 'error';
  error: APIErrorObject;
  request_id?: string | null;
}

export interface APIErrorObject {
  type: ErrorType;
  message: string;
  /** More for programs, depending on the error. */
  details?: unknown;
}

/** `error.details.error_code`: what went wrong, for programs. The API adds to them. */
export type ErrorCode = OpenString<
  | 'available_tools_limit_exceeded'
  | 'claude_code_key_creator_not_member'
  | 'claude_code_version_too_old'
  | 'cmek_context_unavailable'
  | 'cmek_key_disabled'
  | 'cmek_key_network_blocked'
  | 'cmek_key_unreachable'
  | 'compaction_block_ambiguous'
  | 'compaction_block_misplaced'
  | 'compaction_content_mismatch'
  | 'compaction_incomplete_turn'
  | 'compaction_nothing_to_summarize'
  | 'compaction_signature_invalid'
  | 'compaction_too_many_tool_references'
  | 'compaction_tool_changes_mismatch'
  | 'compaction_unavailable'
  | 'contract_spend_limit_reached'
  | 'enforced_spend_limit_reached'
  | 'image_dimensions_too_large'
  | 'linked_organization_billing_unavailable'
  | 'linked_organization_spend_limit_reached'
  | 'organization_on_hold'
  | 'organization_type_not_supported'
  | 'parent_organization_required'
  | 'ramp_limit_exceeded'
  | 'request_body_encoding_invalid'
  | 'request_body_encoding_unsupported'
  | 'request_body_too_large_after_decoding'
  | 'sandbox_egress_restricted'
  | 'thread_already_continued'
  | 'thread_continue_in_flight'
  | 'thread_fingerprint_mismatch'
  | 'thread_not_found'
  | 'thread_unsupported_request'
  | 'tool_name_conflict'
  | 'tool_reference_unresolved'
  | 'workspace_human_review_disabled'
>;

/** Each stands for an HTTP status. */
export type ErrorType = OpenString<
  | 'invalid_request_error'
  | 'authentication_error'
  | 'billing_error'
  | 'permission_error'
  | 'not_found_error'
  | 'timeout_error'
  | 'conflict_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'api_error'
  | 'overloaded_error'
>;
