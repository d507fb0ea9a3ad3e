/** Rows of the interface as rows of OMOP tables. Concepts are OMOP's own where the mapping knows them; diagnoses get local ones, whose code
 *  and vocabulary stand in CONCEPT; all else is 0 with our own words among the source values, as the model asks. */
import type { Day } from '../../engine/kernel/calendar.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import type { Codes } from '../interchange/mapping/codes.ts'
import type { OmopTable } from '../interchange/omop/columns.ts'
import { OUR_OMOP } from '../interchange/mapping/own-export.ts'
import type { FactName, FactRow } from './facts.ts'

export type Put = (table: OmopTable, cells: Readonly<Record<string, string | number>>) => void

/** Concepts of the standard vocabularies that the model wants. */
const CONCEPTS = { male: 8507, female: 8532, ehr: 32817, claim: 32810, euro: 44818568, episodeOfCare: 32533 } as const
/** Local concepts are numbered from here on. */
const LOCAL = 2_000_000_001
/** Where a plan has no dates. */
const [ALWAYS_SINCE, ALWAYS_UNTIL] = ['1970-01-01', '2099-12-31']

export class OmopRows {
  private readonly sites = new Map<string, number>()
  private readonly persons = new Map<string, number>()
  private readonly locations = new Map<string, number>()
  private readonly diagnoses = new Map<string, number>()
  private readonly counts = new Map<OmopTable, number>()
  private period: { person: number; since: Day; until: Day } | null = null

  constructor(
    private readonly codes: Codes,
    asOf: Day,
    private readonly put: Put,
  ) {
    put('CDM_SOURCE', {
      cdm_source_name: 'gezondheidswinst',
      cdm_source_abbreviation: OUR_OMOP,
      cdm_holder: 'the region',
      source_release_date: asOf,
      cdm_release_date: asOf,
      cdm_version: 'v5.4',
      cdm_version_concept_id: 756265,
      vocabulary_version: 'none',
    })
  }

  take(name: FactName, row: FactRow): void {
    if (name !== 'quality') this.readers[name](row)
  }

  /** What is known when all rows have been seen. */
  finish(): void {
    this.endPeriod()
    for (const [diagnosis, id] of this.diagnoses) {
      const [system = '', code = ''] = diagnosis.split(' ')
      this.put('CONCEPT', {
        concept_id: id,
        concept_name: diagnosis,
        domain_id: 'Condition',
        vocabulary_id: system,
        concept_class_id: 'Undefined',
        concept_code: code,
        valid_start_date: ALWAYS_SINCE,
        valid_end_date: ALWAYS_UNTIL,
      })
    }
  }

  private readonly readers: Record<Exclude<FactName, 'quality'>, (row: FactRow) => void> = {
    partners: ([id, name, kind]) => {
      const site = numbered(this.sites, id!)
      this.put('CARE_SITE', {
        care_site_id: site,
        care_site_name: name!,
        place_of_service_concept_id: 0,
        care_site_source_value: id!,
        place_of_service_source_value: kind!,
      })
      // a fact is done by a provider: one stands for each site
      this.put('PROVIDER', {
        provider_id: site,
        care_site_id: site,
        specialty_concept_id: 0,
        provider_source_value: id!,
      })
    },
    patients: ([id, birthYear, sex, postcode4, insurer, diedOn]) => {
      const person = numbered(this.persons, id!)
      const location = postcode4 ? this.locationOf(postcode4) : ''
      this.put('PERSON', {
        person_id: person,
        gender_concept_id: { m: CONCEPTS.male, f: CONCEPTS.female }[sex!] ?? 0,
        year_of_birth: birthYear!,
        race_concept_id: 0,
        ethnicity_concept_id: 0,
        location_id: location,
        person_source_value: id!,
        gender_source_value: sex!,
      })
      if (diedOn) this.put('DEATH', { person_id: person, death_date: diedOn, death_type_concept_id: CONCEPTS.ehr })
      if (insurer)
        this.put('PAYER_PLAN_PERIOD', {
          payer_plan_period_id: this.next('PAYER_PLAN_PERIOD'),
          person_id: person,
          payer_plan_period_start_date: ALWAYS_SINCE,
          payer_plan_period_end_date: ALWAYS_UNTIL,
          payer_source_value: insurer,
        })
    },
    enrolments: ([patient, programme, partner, since, until, endReason, mainPractitioner]) =>
      this.put('EPISODE', {
        episode_id: this.next('EPISODE'),
        person_id: this.personOf(patient),
        episode_concept_id: CONCEPTS.episodeOfCare,
        episode_start_date: since!,
        episode_end_date: until!,
        episode_object_concept_id: 0,
        episode_type_concept_id: CONCEPTS.ehr,
        episode_source_value: [programme, partner, mainPractitioner, endReason].join('|'),
      }),
    observations: ([patient, measure, on, value, unit, partner]) => {
      const person = this.personOf(patient)
      this.observed(person, on!)
      this.put('MEASUREMENT', {
        measurement_id: this.next('MEASUREMENT'),
        person_id: person,
        measurement_concept_id: this.codes.codesOf(measure!, 'OMOP')[0] ?? 0,
        measurement_date: on!,
        measurement_type_concept_id: CONCEPTS.ehr,
        value_as_number: value!,
        unit_concept_id: this.unitConcept(unit!),
        provider_id: partner ? this.siteOf(partner) : '',
        measurement_source_value: measure!,
        measurement_source_concept_id: 0,
        unit_source_value: unit!,
        value_source_value: value!,
      })
    },
    conditions: ([patient, system, code, onset, resolved]) =>
      this.put('CONDITION_OCCURRENCE', {
        condition_occurrence_id: this.next('CONDITION_OCCURRENCE'),
        person_id: this.personOf(patient),
        condition_concept_id: 0,
        condition_start_date: onset!,
        condition_end_date: resolved!,
        condition_type_concept_id: CONCEPTS.ehr,
        condition_source_value: code!,
        condition_source_concept_id: numbered(this.diagnoses, `${system} ${code}`, LOCAL),
      }),
    medications: ([patient, atc, since, until]) =>
      this.put('DRUG_EXPOSURE', {
        drug_exposure_id: this.next('DRUG_EXPOSURE'),
        person_id: this.personOf(patient),
        drug_concept_id: 0,
        drug_exposure_start_date: since!,
        drug_exposure_end_date: until!,
        verbatim_end_date: until!,
        drug_type_concept_id: CONCEPTS.ehr,
        drug_source_value: atc!,
      }),
    claims: ([id, patient, partner, on, code, quantity, euros, setting]) => {
      const event = this.next('PROCEDURE_OCCURRENCE')
      this.put('PROCEDURE_OCCURRENCE', {
        procedure_occurrence_id: event,
        person_id: this.personOf(patient),
        procedure_concept_id: 0,
        procedure_date: on!,
        procedure_type_concept_id: CONCEPTS.claim,
        quantity: quantity!,
        provider_id: this.siteOf(partner),
        procedure_source_value: code!,
        modifier_source_value: setting!,
      })
      this.put('COST', {
        cost_id: this.next('COST'),
        cost_event_id: event,
        cost_domain_id: 'Procedure',
        cost_type_concept_id: CONCEPTS.claim,
        currency_concept_id: CONCEPTS.euro,
        total_charge: euros!,
        drg_source_value: id!,
      })
    },
  }

  /** Readings come patient after patient, each measure from its first day on. */
  private observed(person: number, on: Day): void {
    if (this.period?.person !== person) {
      this.endPeriod()
      this.period = { person, since: on, until: on }
    }
    if (on < this.period.since) this.period.since = on
    if (on > this.period.until) this.period.until = on
  }

  private endPeriod(): void {
    if (this.period === null) return
    const { person, since, until } = this.period
    this.put('OBSERVATION_PERIOD', {
      observation_period_id: this.next('OBSERVATION_PERIOD'),
      person_id: person,
      observation_period_start_date: since,
      observation_period_end_date: until,
      period_type_concept_id: CONCEPTS.ehr,
    })
    this.period = null
  }

  private locationOf(postcode4: string): number {
    const before = this.locations.size
    const location = numbered(this.locations, postcode4)
    if (this.locations.size > before)
      this.put('LOCATION', { location_id: location, zip: postcode4, location_source_value: postcode4 })
    return location
  }

  private unitConcept(unit: string): string | number {
    const named = this.codes.spellingsOf(unit).find((spelling) => spelling.startsWith('OMOP:'))
    return named?.slice('OMOP:'.length) ?? 0
  }

  private personOf = (patient: string | undefined): number => knownIn(this.persons, patient)
  private siteOf = (partner: string | undefined): number => knownIn(this.sites, partner)

  private next(table: OmopTable): number {
    const count = (this.counts.get(table) ?? 0) + 1
    this.counts.set(table, count)
    return count
  }
}

/** The number of a name, given out in order of first sight. */
function numbered(numbers: Map<string, number>, name: string, from = 1): number {
  const known = numbers.get(name)
  if (known !== undefined) return known
  const number = from + numbers.size
  numbers.set(name, number)
  return number
}

function knownIn(numbers: ReadonlyMap<string, number>, name: string | undefined): number {
  const number = numbers.get(name ?? '')
  invariant(number !== undefined, 'what a fact is about was written before it')
  return number
}
