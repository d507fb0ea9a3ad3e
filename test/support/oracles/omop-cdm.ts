/** The tables of the OMOP CDM 5.4 that an export writes, as a database of it has them, in PostgreSQL.
 *  Columns, types and what may not be null are from the field-level specification of the model (OHDSI CommonDataModel 5.4, public). */
import type { ClientBase } from 'pg'

/** A column a word: `!` where null is refused, `:n` for a text of n characters, `:t` any text, `:n.` a decimal. Without a type: a date or a
 *  moment where the name ends so, 50 characters where it is a source value, else an integer. The first column of a table is its key. */
const TABLES = {
  CDM_SOURCE:
    'cdm_source_name:255! cdm_source_abbreviation:25! cdm_holder:255! source_description:t source_documentation_reference:255 cdm_etl_reference:255 source_release_date! cdm_release_date! cdm_version:10 cdm_version_concept_id! vocabulary_version:20!',
  VOCABULARY:
    'vocabulary_id:20! vocabulary_name:255! vocabulary_reference:255 vocabulary_version:255 vocabulary_concept_id!',
  CONCEPT:
    'concept_id! concept_name:255! domain_id:20! vocabulary_id:20! concept_class_id:20! standard_concept:1 concept_code:50! valid_start_date! valid_end_date! invalid_reason:1',
  LOCATION:
    'location_id! address_1:50 address_2:50 city:50 state:2 zip:9 county:20 location_source_value country_concept_id country_source_value:80 latitude:n. longitude:n.',
  CARE_SITE:
    'care_site_id! care_site_name:255 place_of_service_concept_id location_id care_site_source_value place_of_service_source_value',
  PROVIDER:
    'provider_id! provider_name:255 npi:20 dea:20 specialty_concept_id care_site_id year_of_birth gender_concept_id provider_source_value specialty_source_value specialty_source_concept_id gender_source_value gender_source_concept_id',
  PERSON:
    'person_id! gender_concept_id! year_of_birth! month_of_birth day_of_birth birth_datetime race_concept_id! ethnicity_concept_id! location_id provider_id care_site_id person_source_value gender_source_value gender_source_concept_id race_source_value race_source_concept_id ethnicity_source_value ethnicity_source_concept_id',
  DEATH:
    'person_id! death_date! death_datetime death_type_concept_id cause_concept_id cause_source_value cause_source_concept_id',
  PAYER_PLAN_PERIOD:
    'payer_plan_period_id! person_id! payer_plan_period_start_date! payer_plan_period_end_date! payer_concept_id payer_source_value payer_source_concept_id plan_concept_id plan_source_value plan_source_concept_id sponsor_concept_id sponsor_source_value sponsor_source_concept_id family_source_value stop_reason_concept_id stop_reason_source_value stop_reason_source_concept_id',
  OBSERVATION_PERIOD:
    'observation_period_id! person_id! observation_period_start_date! observation_period_end_date! period_type_concept_id!',
  EPISODE:
    'episode_id! person_id! episode_concept_id! episode_start_date! episode_start_datetime episode_end_date episode_end_datetime episode_parent_id episode_number episode_object_concept_id! episode_type_concept_id! episode_source_value episode_source_concept_id',
  CONDITION_OCCURRENCE:
    'condition_occurrence_id! person_id! condition_concept_id! condition_start_date! condition_start_datetime condition_end_date condition_end_datetime condition_type_concept_id! condition_status_concept_id stop_reason:20 provider_id visit_occurrence_id visit_detail_id condition_source_value condition_source_concept_id condition_status_source_value',
  PROCEDURE_OCCURRENCE:
    'procedure_occurrence_id! person_id! procedure_concept_id! procedure_date! procedure_datetime procedure_end_date procedure_end_datetime procedure_type_concept_id! modifier_concept_id quantity provider_id visit_occurrence_id visit_detail_id procedure_source_value procedure_source_concept_id modifier_source_value',
  MEASUREMENT:
    'measurement_id! person_id! measurement_concept_id! measurement_date! measurement_datetime measurement_time:10 measurement_type_concept_id! operator_concept_id value_as_number:n. value_as_concept_id unit_concept_id range_low:n. range_high:n. provider_id visit_occurrence_id visit_detail_id measurement_source_value measurement_source_concept_id unit_source_value unit_source_concept_id value_source_value measurement_event_id meas_event_field_concept_id',
  DRUG_EXPOSURE:
    'drug_exposure_id! person_id! drug_concept_id! drug_exposure_start_date! drug_exposure_start_datetime drug_exposure_end_date! drug_exposure_end_datetime verbatim_end_date drug_type_concept_id! stop_reason:20 refills quantity:n. days_supply sig:t route_concept_id lot_number:50 provider_id visit_occurrence_id visit_detail_id drug_source_value drug_source_concept_id route_source_value dose_unit_source_value',
  COST: 'cost_id! cost_event_id! cost_domain_id:20! cost_type_concept_id! currency_concept_id total_charge:n. total_cost:n. total_paid:n. paid_by_payer:n. paid_by_patient:n. paid_patient_copay:n. paid_patient_coinsurance:n. paid_patient_deductible:n. paid_by_primary:n. paid_ingredient_cost:n. paid_dispensing_fee:n. payer_plan_period_id amount_allowed:n. revenue_code_concept_id revenue_code_source_value drg_concept_id drg_source_value:3',
  COHORT_DEFINITION:
    'cohort_definition_id! cohort_definition_name:255! cohort_definition_description:t definition_type_concept_id! cohort_definition_syntax:t subject_concept_id! cohort_initiation_date',
} as const

/** COHORT has a key of three columns, in every statement of it. */
const COHORT = 'cohort_definition_id! subject_id! cohort_start_date! cohort_end_date!'

/** What one table's column must be found in, in another: within the tables of an export. */
const REFERENCES: readonly (readonly [table: string, column: string, of: string])[] = [
  ...['PERSON', 'CARE_SITE'].map((table) => [table, 'location_id', 'LOCATION'] as const),
  ['PROVIDER', 'care_site_id', 'CARE_SITE'],
  ['CONCEPT', 'vocabulary_id', 'VOCABULARY'],
  ...[
    'DEATH',
    'PAYER_PLAN_PERIOD',
    'OBSERVATION_PERIOD',
    'EPISODE',
    'CONDITION_OCCURRENCE',
    'PROCEDURE_OCCURRENCE',
    'MEASUREMENT',
    'DRUG_EXPOSURE',
  ].map((table) => [table, 'person_id', 'PERSON'] as const),
  ...['PROCEDURE_OCCURRENCE', 'MEASUREMENT'].map((table) => [table, 'provider_id', 'PROVIDER'] as const),
  // a diagnosis of ours is a local concept, told in CONCEPT
  ['CONDITION_OCCURRENCE', 'condition_source_concept_id', 'CONCEPT'],
]

/** Tables in an order in which none refers to a later one. */
export const CDM_TABLES: readonly string[] = [...Object.keys(TABLES), 'COHORT']

/** Makes the tables in the schema that the client looks in first, with a vocabulary that every database of the model has. */
export async function createCdm(client: ClientBase): Promise<void> {
  for (const [table, columns] of Object.entries({ ...TABLES, COHORT })) {
    const words = columns.split(' ')
    const key = table === 'COHORT' ? words.map(nameOf).slice(0, 3).join(', ') : nameOf(words[0]!)
    await client.query(`create table ${table} (${words.map(columnOf).join(', ')}, primary key (${key}))`)
  }
  for (const [table, column, of] of REFERENCES)
    await client.query(`alter table ${table} add foreign key (${column}) references ${of}`)
  await client.query(`insert into vocabulary values ('SNOMED', 'SNOMED', null, null, 44819097)`)
}

const nameOf = (word: string): string => word.split(/[:!]/)[0]!

function columnOf(word: string): string {
  const name = nameOf(word)
  return `${name} ${typeOf(name, /:([^!]+)/.exec(word)?.[1])}${word.endsWith('!') ? ' not null' : ''}`
}

function typeOf(name: string, told: string | undefined): string {
  if (told === 't') return 'text'
  if (told === 'n.') return 'numeric'
  if (told !== undefined) return `varchar(${told})`
  if (name.endsWith('_datetime')) return 'timestamp'
  if (name.endsWith('_date')) return 'date'
  return name.endsWith('_source_value') ? 'varchar(50)' : 'integer'
}
