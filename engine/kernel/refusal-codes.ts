/** Every code that a refusal may carry, with what it says: programs go by the code, people by the refusal's own sentence. */

const REQUEST = {
  invalid_request: 'a request is not what its schema asks for',
  unreadable_body: 'the body of a request is not what its content type says',
  body_too_large: 'the body of a request is longer than any document that can be handed in',
  unsupported_media_type: 'the body of a request is of a content type that nothing here reads',
  method_not_allowed: 'an address is asked with a method that it does not have',
  address_too_long: 'a part of the address of a request is longer than any id',
  headers_too_large: 'the headers of a request are longer than any that are sent in earnest',
  request_too_slow: 'a request did not arrive whole in time',
  too_many_requests: 'somebody asks more in a minute than the service gives one reader',
  too_slow: 'an answer took longer than a request may',
  overloaded: 'the service has more to do than it can answer in time',
  already_ended: 'a job that is to be called off has ended',
  request_in_progress: 'a request with the same key is at work',
  key_of_another_request: 'the key of a request came with another one before',
  answer_lost: 'a request was carried out, and its answer is not kept',
  not_authenticated: 'nobody is named: no token, or one that is not known',
  not_allowed: 'the role of the token may not do this',
  unknown_claims: 'a token of the identity provider names no region or role of here',
  read_only_key: 'a key that may only read would act',
  nameless_token: 'the token names a role and nobody in it, where an act needs somebody',
  usage: 'the command line is used wrongly',
  invalid_option: 'an option has a value out of its range',
  not_available: 'a verb of the interface whose work is still to come',
} as const

const UNKNOWN = {
  not_found: 'there is no such thing, or the reader may not know of it',
  unknown_region: 'no region of that name was imported',
  unknown_contract: 'no contract of that id was handed in',
  unknown_job: 'no job of that id was asked for',
  unknown_run: 'no run of that id is in the store or in the queue',
  unknown_settlement: 'there is no settlement of that id',
  unknown_model: 'there is no model of that id',
  unknown_partner: 'a partner is named that the region or the settlement does not have',
  unknown_patient: 'a patient is named that does not count there',
  unknown_preview: 'there is no preview of that id',
  unknown_reading: 'there is no value of that measure, patient and day',
  unknown_token: 'there is no such key in the region',
  unknown_dispute: 'there is no dispute of that number',
  unknown_programme: 'a programme is named that is neither built in nor of the region',
  unknown_measure: 'a measure is named that the programme does not have',
  unknown_constant: 'a constant is asked for that is neither built in nor of the region',
  ambiguous_id: 'an id is cut short, and several begin so',
  region_not_named: 'several regions are imported and none is named',
} as const

const FILES = {
  missing_directory: 'a dataset is not where it is said to be',
  missing_file: 'a dataset lacks a file that it must have',
  missing_column: 'a file lacks a column that it must have',
  double_column: 'a file names a column twice',
  two_files: 'a dataset has the same table in two files',
  empty_file: 'a file has no header',
  file_not_readable: 'a file cannot be opened',
  not_a_regular_file: 'a directory, pipe, socket or device lies where a file is wanted',
  outside_dataset: 'a link in a dataset leads out of it',
  not_writable: 'a file cannot be written where it is asked for',
  unreadable_file: 'the content of a file cannot be read to its end',
  truncated_file: 'a file ends in the middle of a document',
  invalid_yaml: 'a document is not YAML, or YAML that is not taken',
  invalid_contract: 'a contract breaks a rule; every fault with its path',
  invalid_programme: 'a programme breaks a rule, or two contradict each other; every fault with its path',
  invalid_constants: 'a list of constants breaks a rule; every fault with its path',
  invalid_indicators: 'a file of indicators breaks a rule; every fault with its path',
  invalid_reward: 'what an insurer rewards breaks a rule; every fault with its path',
  invalid_road: 'a road to a contract breaks a rule; every fault with its path',
  invalid_exchange: 'a table of what units are worth breaks a rule; every fault with its path',
  invalid_effects: 'a file of effects to plant breaks a rule; every fault with its path',
  invalid_mapping: 'a mapping of another format breaks a rule; every fault with its path',
  invalid_folds: 'a file of folds breaks a rule',
  invalid_suspicions: 'the rules of suspicion break a rule; every fault with its path',
  directory_not_empty: 'an export would be mixed with files that are there already',
  too_long: 'a value is longer than its position in a fixed-width file',
} as const

const IMPORT = {
  no_region: 'the region of a delivery has no name',
  invalid_region: 'a region has a name of more than letters, digits, hyphens, underscores and dots',
  citizen_numbers: 'a dataset holds citizen numbers and is not imported under pseudonyms',
  no_pseudonym_key: 'pseudonyms are asked for without the key that makes them',
  invalid_max_rejects: 'the share of rejects that is allowed is no share',
  too_many_rejects: 'a file has more rejected rows than the share that is allowed',
  too_many_duplicates: 'a file repeats more keys than can be told apart',
  invalid_delivered: 'the day of a delivery is no day',
  no_delivery_date: 'the day of a delivery is not given and does not follow from the dataset',
  nothing_left: 'so many rows of a delivery were rejected that no day of it is left',
  older_delivery: 'a delivery is dated before one that is known already',
  ambiguous_patient: 'a source has two people under one id, and nothing that tells them apart',
  ambiguous_server: 'a source does not say whose server it is of, and the region has several',
  older_version_first: 'a history has an older version of a record before a newer one',
  nothing_delivered: 'a region had delivered nothing yet on that day',
} as const

const COMPUTATION = {
  no_partners: 'a contract has no partner in the region',
  constant_out_of_date: 'a constant has no value on the day that it is asked for',
  constant_not_supplied: 'a constant is needed of which nobody knows the value',
  period_without_data: 'nothing of the period of a contract is known on the day of the settlement',
  contract_years: 'the reference of a contract holds years under an earlier one',
  nobody_enrolled: 'nobody was enrolled with a partner of a contract in its period',
  target_missing: 'an outcome needs a target window and names none',
  too_few_folds: 'a file of folds names fewer folds than crossing needs',
  too_few_to_learn: 'too few patients or landmarks to learn an expectation from',
  feature_missing: 'a model looks at a feature that the data do not have',
  too_many_rows: 'a table is too large to be read into memory as a whole',
} as const

const INDICATORS = {
  indicator_out_of_date: 'an indicator has no version for a day',
  numerator_above_denominator: 'a figure has more people in its numerator than in its denominator',
} as const

const EXCHANGE = {
  invalid_health_state: 'an EQ-5D profile has a level that its value set does not have',
  other_value_set: 'two utilities of different value sets are compared',
  invalid_burden: 'a burden of disease is no share of 1',
  unknown_value_set: 'a value set is named that is not known',
  unknown_event: 'an event is named of which nothing says what it takes off a utility',
  road_open: 'the contract of a road is asked for while a subject is open',
} as const

const SETTLEMENT = {
  not_in_order: 'an act does not follow on the state that a settlement is in',
  own_review: 'who prepared a settlement would review it',
  own_release: 'who prepared or reviewed a settlement would release it',
  own_payment: 'who reviewed a settlement, or approved a share of it, would pay it',
  not_concerned: 'an act is not for who would do it: the insured are of another insurer',
  already_approved: 'an insurer has approved its share before',
  already_paid: 'an insurer has paid its share before',
  other_finality: 'one insurer approved as provisional what another would approve as final',
  corrected_since: 'a settlement was corrected by a later one',
  final_stands: 'a provisional release would follow a final one',
  released_before: 'a contract has a released settlement already; what follows is a correction',
  rejected_settlement: 'a settlement was rejected; there is nothing to correct',
  no_note: 'a correction does not say what was late or wrong',
  as_of_before: 'a correction knows less than what it corrects',
  settlement_differs: 'a settlement stands already under its id with other content',
  no_advance_share: 'a contract agrees on no advances',
  no_quarter_day: 'a day is no quarter day of the contract',
  advance_differs: 'the advances of a quarter day were paid with other amounts',
  chain_broken: 'the ledger is not as it was posted',
  audit_chain_broken: 'the audit log is not as it was written',
  does_not_agree: 'a bundle does not agree with what it says of itself',
  not_comparable: 'two settlements are not of one contract and region, or are the same',
  not_reproduced: 'the store no longer holds what a run rested on',
} as const

const SEGMENT2 = {
  no_provider_contract: 'patients would be declared for whom no contract of partner and insurer holds on the day',
  declared_twice: 'a patient would be declared twice for a quarter day',
  programmes_exclude: 'a patient would be declared in two programmes that exclude each other',
  credit_without_debit: 'a credit line names no debit line that stands',
  credit_in_same_message: 'a credit line names a debit of its own message',
  remittance_refused: 'a remittance does not agree with what was declared',
  no_tariff: 'a contract agrees on no tariff of segment 2',
} as const

/** Why a settlement cannot be released: of the models and prices behind it (data/settlements/release-obstacles.ts). */
const HELD = {
  model_retired: 'a model is retired',
  model_not_validated: 'a model is a draft: its checks do not hold',
  learned_too_late: 'a model learned from data of the contract period',
  drift_alarm: 'expectations drifted, and nobody has held the model good since',
  model_not_payable: 'nobody has made a model payable',
  payable_by_preparer: 'who prepared the settlement made its model payable',
  exchange_not_known: 'a price in QALY rests on a rate that nobody knows well enough',
} as const

const DISPUTES = {
  not_released: 'a dispute is about a settlement that is not released',
  too_late: 'the term for disputes is over',
  not_previewed: 'the effect of a dispute is not computed yet',
  no_evidence: 'a dispute does not say what shows it',
  already_filed: 'the same dispute was filed before',
  already_ruled: 'a dispute was ruled on before',
  own_dispute: 'who filed a dispute, or a partner, would rule on it',
  no_reason: 'a ruling gives no reason',
  not_upheld: 'a correction is asked for a dispute that is not upheld',
} as const

const RESEARCH = {
  singles_out: 'an answer would, alone or with earlier ones, single out fewer than ten people',
  not_open_to_research: 'no settlement is open to research that a question could be answered from',
} as const

const MODELS = {
  not_this_state: 'a decision does not follow on the state that a model is in',
  own_model: 'who prepared a model would make it payable',
} as const

const INSTALLATION = {
  not_installed: 'a package that is optional, and needed for what is asked, is not installed',
  config_invalid: 'a variable of the environment cannot be used',
  no_home: 'there is no database, and no place to make one',
  database_unreachable: 'the database does not answer',
  database_too_old: 'the database is older than what is needed',
  database_not_started: 'the embedded database did not start',
  no_embedded_postgres: 'there is no embedded database for this machine',
  no_place_for_database: 'the embedded database has no directory that its account can reach',
  not_the_owner: 'the embedded database belongs to another account',
  no_service_account: 'there is no account for the embedded database to run under',
  locked: 'another process holds the embedded database for too long',
  redis_unreachable: 'the queue does not answer',
  issuer_unreachable: 'the identity provider does not answer, or with no keys',
  port_taken: 'another process listens on the port',
  disk_full: 'a disk is full, here or under the database',
} as const

/** Not refusals of anybody's input: what was wrong is in the log, never in the sentence. */
const FAULTS = {
  cancelled: 'a job was called off before its end',
  job_failed: 'a run stopped on a fault of the program',
  internal: 'the program is at fault',
} as const

/** Code by code, what a refusal says. */
export const REFUSAL_CODES = {
  ...REQUEST,
  ...UNKNOWN,
  ...FILES,
  ...IMPORT,
  ...COMPUTATION,
  ...INDICATORS,
  ...EXCHANGE,
  ...SETTLEMENT,
  ...SEGMENT2,
  ...HELD,
  ...DISPUTES,
  ...RESEARCH,
  ...MODELS,
  ...INSTALLATION,
  ...FAULTS,
} as const

export type RefusalCode = keyof typeof REFUSAL_CODES

/** Whether a text is a code: of a refusal that was written down by another process, perhaps of another version. */
export const isRefusalCode = (text: unknown): text is RefusalCode =>
  typeof text === 'string' && Object.hasOwn(REFUSAL_CODES, text)
