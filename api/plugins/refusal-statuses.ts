/** Every refusal as HTTP: one total table from code to status. A code without a line here does not compile. */
import type { RefusalCode } from '../../engine/kernel/refusal-codes.ts'

/** 400: the request is not what its schema asks for. 401, 403: nobody, or somebody who may not. 404, 405: no such thing, or not in that way.
 *  408: it did not arrive whole. 409: it is not in the state that the request takes for granted. 413, 414, 415, 431: a body, address or
 *  headers that are not taken. 422: the content breaks a rule. 429: too often. 500: we are at fault. 501: not in this version. 503:
 *  something that we need does not answer, or not in time. */
export type RefusalStatus =
  400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 414 | 415 | 422 | 429 | 431 | 500 | 501 | 503

export const STATUS_OF_CODE: Readonly<Record<RefusalCode, RefusalStatus>> = {
  // the request itself
  invalid_request: 400,
  unreadable_body: 400,
  body_too_large: 413,
  unsupported_media_type: 415,
  method_not_allowed: 405,
  address_too_long: 414,
  headers_too_large: 431,
  request_too_slow: 408,
  too_many_requests: 429,
  too_slow: 503,
  overloaded: 503,
  already_ended: 409,
  request_in_progress: 409,
  key_of_another_request: 422,
  answer_lost: 409,
  not_authenticated: 401,
  not_allowed: 403,
  unknown_claims: 403,
  read_only_key: 403,
  nameless_token: 403,
  usage: 400,
  invalid_option: 400,
  not_available: 501,

  // what it names
  not_found: 404,
  unknown_region: 404,
  unknown_contract: 404,
  unknown_job: 404,
  unknown_run: 404,
  unknown_settlement: 404,
  unknown_model: 404,
  unknown_partner: 404,
  unknown_patient: 404,
  unknown_preview: 404,
  unknown_reading: 404,
  unknown_token: 404,
  unknown_dispute: 404,
  ambiguous_id: 409,
  region_not_named: 400,
  // Named by the content of a contract or an order, not by its address.
  unknown_programme: 422,
  unknown_constant: 422,
  unknown_measure: 422,

  // files and documents
  missing_directory: 422,
  missing_file: 422,
  missing_column: 422,
  double_column: 422,
  two_files: 422,
  empty_file: 422,
  file_not_readable: 422,
  not_a_regular_file: 422,
  outside_dataset: 422,
  not_writable: 500,
  unreadable_file: 422,
  truncated_file: 422,
  invalid_yaml: 400,
  invalid_contract: 422,
  invalid_programme: 422,
  invalid_indicators: 422,
  invalid_road: 422,
  invalid_reward: 422,
  // A file of the program's own.
  invalid_exchange: 500,
  invalid_effects: 422,
  invalid_constants: 422,
  invalid_mapping: 422,
  invalid_folds: 422,
  // A file of the program's own.
  invalid_suspicions: 500,
  directory_not_empty: 409,
  too_long: 422,

  // deliveries
  no_region: 422,
  invalid_region: 422,
  citizen_numbers: 422,
  no_pseudonym_key: 422,
  invalid_max_rejects: 422,
  too_many_rejects: 422,
  too_many_duplicates: 422,
  invalid_delivered: 422,
  no_delivery_date: 422,
  nothing_left: 422,
  older_delivery: 409,
  ambiguous_patient: 422,
  ambiguous_server: 422,
  older_version_first: 422,
  nothing_delivered: 422,

  // what can be computed from them
  constant_out_of_date: 422,
  constant_not_supplied: 409,
  no_partners: 422,
  period_without_data: 422,
  contract_years: 422,
  nobody_enrolled: 422,
  target_missing: 422,
  too_few_folds: 422,
  too_few_to_learn: 422,
  feature_missing: 422,
  too_many_rows: 422,

  // indicators
  indicator_out_of_date: 422,
  numerator_above_denominator: 422,

  // what units are worth
  invalid_health_state: 422,
  other_value_set: 422,
  invalid_burden: 422,
  unknown_value_set: 422,
  unknown_event: 422,
  road_open: 409,

  // settlements and signatures
  not_in_order: 409,
  own_review: 403,
  own_release: 403,
  own_payment: 403,
  not_concerned: 403,
  already_approved: 409,
  already_paid: 409,
  other_finality: 409,
  corrected_since: 409,
  final_stands: 409,
  released_before: 409,
  rejected_settlement: 409,
  no_note: 422,
  as_of_before: 422,
  settlement_differs: 409,
  no_advance_share: 422,
  no_quarter_day: 422,
  advance_differs: 409,
  chain_broken: 500,
  audit_chain_broken: 500,
  does_not_agree: 422,
  not_comparable: 422,
  not_reproduced: 409,

  // a release that is held: lifted by a decision on a model, after which the same request is served
  no_provider_contract: 409,
  declared_twice: 409,
  programmes_exclude: 409,
  credit_without_debit: 409,
  credit_in_same_message: 409,
  remittance_refused: 422,
  no_tariff: 409,
  model_retired: 409,
  model_not_validated: 409,
  learned_too_late: 409,
  drift_alarm: 409,
  model_not_payable: 409,
  payable_by_preparer: 409,
  exchange_not_known: 409,

  // disputes
  not_released: 409,
  too_late: 409,
  not_previewed: 409,
  no_evidence: 422,
  already_filed: 409,
  already_ruled: 409,
  own_dispute: 403,
  no_reason: 422,
  not_upheld: 409,

  // research
  singles_out: 422,
  not_open_to_research: 409,

  // decisions on models
  not_this_state: 409,
  own_model: 403,

  // the installation
  not_installed: 501,
  config_invalid: 500,
  no_home: 500,
  database_unreachable: 503,
  database_too_old: 503,
  database_not_started: 503,
  no_embedded_postgres: 500,
  no_place_for_database: 500,
  not_the_owner: 500,
  no_service_account: 500,
  locked: 503,
  redis_unreachable: 503,
  issuer_unreachable: 503,
  port_taken: 500,
  disk_full: 503,

  // the program
  cancelled: 409,
  job_failed: 500,
  internal: 500,
}

/** Whether a code says that something of ours failed: then its sentence is for the log, and whoever asked gets the request's id. */
export const isOwnFault = (code: RefusalCode): boolean => STATUS_OF_CODE[code] >= 500
