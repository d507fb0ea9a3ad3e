/** Rows of the interface as rows of OMOP tables. Concepts are OMOP's own where the mapping knows them; diagnoses get local ones, whose code
 *  and vocabulary stand in CONCEPT; all else is 0 with our own words among the source values, as the model asks. */
import type { Day } from '../../../engine/kernel/calendar.ts'
import { invariant } from '../../../engine/kernel/refusal.ts'
import type { Codes } from '../../vocabulary/codes.ts'
import type { OmopTable } from '../../interchange/omop/columns.ts'
import { OUR_OMOP } from '../../interchange/mapping/own-export.ts'
import type { FactName, FactRow } from '../facts/facts.ts'
import { ObservationPeriods } from './periods.ts'
import { cut, NAME, SOURCE_VALUE, sourceValue } from './texts.ts'

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
  private readonly periods: ObservationPeriods

  constructor(
    private readonly codes: Codes,
    private readonly asOf: Day,
    private readonly put: Put,
  ) {
    this.periods = new ObservationPeriods(asOf, (person, since, until) =>
      put('OBSERVATION_PERIOD', {
        observation_period_id: this.next('OBSERVATION_PERIOD'),
        person_id: person,
        observation_period_start_date: since,
        observation_period_end_date: until,
        period_type_concept_id: CONCEPTS.ehr,
      }),
    )
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
    this.periods.finish()
    for (const system of new Set([...this.diagnoses.keys()].map((diagnosis) => diagnosis.split(' ')[0]!)))
      // SNOMED is in every vocabulary; a row of ours would stand beside it
      if (system !== 'SNOMED')
        this.put('VOCABULARY', { vocabulary_id: system, vocabulary_name: system, vocabulary_concept_id: 0 })
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
        care_site_name: cut(name!, NAME),
        place_of_service_concept_id: 0,
        care_site_source_value: sourceValue(id!, 'partners', 'partner_id'),
        place_of_service_source_value: kind!,
      })
      // a fact is done by a provider: one stands for each site
      this.put('PROVIDER', {
        provider_id: site,
        care_site_id: site,
        specialty_concept_id: 0,
        provider_source_value: sourceValue(id!, 'partners', 'partner_id'),
      })
    },
    patients: ([id, birthYear, sex, postcode4, insurer, diedOn]) => {
      const person = numbered(this.persons, id!)
      const location = postcode4 ? this.locationOf(postcode4) : ''
      this.put('PERSON', {
        person_id: person,
        gender_concept_id: { m: CONCEPTS.male, f: CONCEPTS.female }[sex!] ?? 0,
        // the model asks for a number: 0 where none is known
        year_of_birth: birthYear || 0,
        race_concept_id: 0,
        ethnicity_concept_id: 0,
        location_id: location,
        person_source_value: sourceValue(id!, 'patients', 'patient_id'),
        gender_source_value: sex!,
      })
      if (diedOn) {
        this.periods.died(person, diedOn as Day)
        this.put('DEATH', { person_id: person, death_date: diedOn, death_type_concept_id: CONCEPTS.ehr })
      }
      if (insurer)
        this.put('PAYER_PLAN_PERIOD', {
          payer_plan_period_id: this.next('PAYER_PLAN_PERIOD'),
          person_id: person,
          payer_plan_period_start_date: ALWAYS_SINCE,
          payer_plan_period_end_date: ALWAYS_UNTIL,
          payer_source_value: insurer,
        })
    },
    enrolments: ([patient, programme, partner, since, until, endReason, mainPractitioner]) => {
      const person = this.personOf(patient)
      this.periods.enrolment(person, since as Day, until as Day | '')
      this.put('EPISODE', {
        episode_id: this.next('EPISODE'),
        person_id: person,
        episode_concept_id: CONCEPTS.episodeOfCare,
        episode_start_date: since!,
        episode_end_date: until!,
        episode_object_concept_id: 0,
        episode_type_concept_id: CONCEPTS.ehr,
        episode_source_value: this.episodeValue(programme!, partner!, mainPractitioner!, endReason!),
      })
    },
    observations: ([patient, measure, on, value, unit, partner]) => {
      const person = this.personOf(patient)
      this.periods.fact(person, on as Day)
      this.put('MEASUREMENT', {
        measurement_id: this.next('MEASUREMENT'),
        person_id: person,
        measurement_concept_id: this.codes.codeInUnit(measure!, 'OMOP') ?? 0,
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
    conditions: ([patient, system, code, onset, resolved]) => {
      const person = this.personOf(patient)
      this.periods.fact(person, onset as Day)
      this.put('CONDITION_OCCURRENCE', {
        condition_occurrence_id: this.next('CONDITION_OCCURRENCE'),
        person_id: person,
        condition_concept_id: 0,
        condition_start_date: onset!,
        condition_end_date: resolved!,
        condition_type_concept_id: CONCEPTS.ehr,
        condition_source_value: sourceValue(code!, 'conditions', 'code'),
        condition_source_concept_id: numbered(this.diagnoses, `${system} ${code}`, LOCAL),
      })
    },
    medications: ([patient, atc, since, until]) => {
      const person = this.personOf(patient)
      this.periods.fact(person, since as Day)
      this.put('DRUG_EXPOSURE', {
        drug_exposure_id: this.next('DRUG_EXPOSURE'),
        person_id: person,
        drug_concept_id: 0,
        drug_exposure_start_date: since!,
        // the model asks for an end: of a course that goes on, the last day that is known of
        drug_exposure_end_date: until || this.asOf,
        verbatim_end_date: until!,
        drug_type_concept_id: CONCEPTS.ehr,
        drug_source_value: sourceValue(atc!, 'medications', 'atc'),
      })
    },
    claims: ([, patient, partner, on, code, quantity, euros, setting]) => {
      const [person, event] = [this.personOf(patient), this.next('PROCEDURE_OCCURRENCE')]
      this.periods.fact(person, on as Day)
      this.put('PROCEDURE_OCCURRENCE', {
        procedure_occurrence_id: event,
        person_id: person,
        procedure_concept_id: 0,
        procedure_date: on!,
        procedure_type_concept_id: CONCEPTS.claim,
        // a whole number or none: half a visit has no place here, and claims.csv travels beside
        quantity: isCount(quantity!) ? quantity! : '',
        provider_id: this.siteOf(partner),
        procedure_source_value: cut(code!, SOURCE_VALUE),
        modifier_source_value: cut(setting!, SOURCE_VALUE),
      })
      this.put('COST', {
        cost_id: this.next('COST'),
        cost_event_id: event,
        cost_domain_id: 'Procedure',
        cost_type_concept_id: CONCEPTS.claim,
        currency_concept_id: CONCEPTS.euro,
        total_charge: euros!,
      })
    },
  }

  /** Programme, partner, main practitioner and reason of the end in one text; a long partner's id by its site's key. */
  private episodeValue(programme: string, partner: string, mainPractitioner: string, endReason: string): string {
    const joined = (at: string) => [programme, at, mainPractitioner, endReason].join('|')
    const short = !partner.startsWith('#') && joined(partner).length <= SOURCE_VALUE
    return sourceValue(joined(short ? partner : `#${this.siteOf(partner)}`), 'enrolments', 'programme')
  }

  private locationOf(postcode4: string): number {
    const before = this.locations.size
    const location = numbered(this.locations, postcode4)
    if (this.locations.size > before)
      this.put('LOCATION', { location_id: location, zip: postcode4, location_source_value: postcode4 })
    return location
  }

  private unitConcept(unit: string): string | number {
    const named = this.codes.units.spellingsOf(unit).find((spelling) => spelling.startsWith('OMOP:'))
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

/** Whether a quantity is an integer as databases have it. */
const isCount = (quantity: string): boolean => /^\d{1,9}$/.test(quantity)

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
