/** PERSON with DEATH, LOCATION and PAYER_PLAN_PERIOD; CARE_SITE, and PROVIDER where there are no sites. */
import type { Codes } from '../../vocabulary/codes.ts'
import type { Enrolments } from '../mapping/enrolments.ts'
import type { Origin } from '../../files/origins.ts'
import type { Tables } from '../mapping/tables.ts'
import { KEPT } from '../mapping/tally.ts'
import type { Tally } from '../mapping/tally.ts'
import type { TableRow } from '../../files/table-rows.ts'
import { lengthened } from './pseudonyms.ts'

const sexes: Readonly<Record<string, string>> = { '8507': 'm', '8532': 'f', M: 'm', F: 'f' }

/** A key that OMOP writes as 0 or leaves blank is none. */
export const keyIn = (row: TableRow, column: string): string => {
  const id = row(column)
  return id === '0' ? '' : id
}

/** The day in a date or a datetime column, however it is written; as it stands where it is no date. */
export function dayIn(row: TableRow, ...columns: readonly string[]): string {
  for (const column of columns) {
    const written = row(column)
    if (written === '' || written === '0') continue
    if (/^\d{8}$/.test(written)) return `${written.slice(0, 4)}-${written.slice(4, 6)}-${written.slice(6)}`
    return /^\d{4}-\d{2}-\d{2}[ T]/.test(written) ? written.slice(0, 10) : written
  }
  return ''
}

/** People and places of one dataset, by their OMOP keys. */
export class OmopPeople {
  readonly sites = new Map<string, { id: string; name: string; type: string; memberOf: string; origin: Origin }>()
  private readonly providers = new Map<string, { site: string; specialty: string; origin: Origin }>()
  private readonly zips = new Map<string, string>()
  private readonly deaths = new Map<string, string>()
  private readonly insurers = new Map<string, { since: string; uzovi: string }>()
  private readonly patients = new Map<string, string>()
  private readonly practices = new Map<string, string>()
  private readonly visits = new Map<string, string>()
  /** the dataset is an export of our own: its source values are the ids */
  own = false

  constructor(
    private readonly codes: Codes,
    private readonly tally: Tally,
  ) {}

  location = (row: TableRow): string => {
    const zip = /^([1-9]\d{3})(\s?[A-Z]{2})?$/.exec(row('zip').toUpperCase())
    if (zip) this.zips.set(row('location_id'), zip[1] ?? '')
    return zip ? KEPT : 'without a Dutch postcode'
  }

  site = (row: TableRow, origin: Origin): string => {
    const key = keyIn(row, 'care_site_id')
    if (key === '') return 'without an id'
    const id = (this.own && lengthened(row('care_site_source_value'))) || key
    this.sites.set(key, {
      id,
      name: row('care_site_name') || `care site ${key}`,
      type: row('place_of_service_source_value'),
      memberOf: '',
      origin,
    })
    return KEPT
  }

  provider = (row: TableRow, origin: Origin): string => {
    const key = keyIn(row, 'provider_id')
    if (key === '') return 'without an id'
    this.providers.set(key, { site: keyIn(row, 'care_site_id'), specialty: row('specialty_source_value'), origin })
    return this.sites.size > 0 ? 'used to find organisations' : 'stands for its organisation, as there is no care site'
  }

  death = (row: TableRow): string => {
    const on = dayIn(row, 'death_date', 'death_datetime')
    if (on === '') return 'without a date'
    this.deaths.set(keyIn(row, 'person_id'), on)
    return KEPT
  }

  payer = (row: TableRow): string => {
    const [person, since, uzovi] = [
      keyIn(row, 'person_id'),
      dayIn(row, 'payer_plan_period_start_date'),
      row('payer_source_value'),
    ]
    if (!/^\d{4}$/.test(uzovi)) return 'without an insurer number'
    const before = this.insurers.get(person)
    if (!before || since >= before.since) this.insurers.set(person, { since, uzovi })
    return KEPT
  }

  person = (row: TableRow, origin: Origin, tables: Tables, enrolments: Enrolments): string => {
    const key = keyIn(row, 'person_id')
    if (key === '') return 'without an id'
    const born = Number(row('year_of_birth')) > 0 ? row('year_of_birth') : dayIn(row, 'birth_datetime').slice(0, 4)
    if (born === '') this.tally.note('patients without a birth year')
    const id = (this.own && lengthened(row('person_source_value'))) || key
    const died = this.deaths.get(key) ?? ''
    const sex = sexes[row('gender_concept_id')] ?? sexes[row('gender_source_value').toUpperCase()] ?? 'x'
    this.patients.set(key, id)
    this.practices.set(id, this.partnerOf(row, ['care_site_id', 'provider_id']))
    if (died !== '') enrolments.died(id, died)
    tables.add(
      'patients.csv',
      {
        patient_id: id,
        birth_year: born,
        sex,
        postcode4: this.zips.get(row('location_id')) ?? '',
        insurer: this.insurers.get(key)?.uzovi ?? '',
        died_on: died,
      },
      origin,
    )
    return KEPT
  }

  /** The patient's id; of one that PERSON does not have, the key itself: the import says so. */
  patientOf = (row: TableRow): string => {
    const key = keyIn(row, 'person_id')
    return this.patients.get(key) ?? key
  }

  visit(row: TableRow): string {
    const partner = this.partnerOf(row, ['care_site_id', 'provider_id'])
    if (partner !== '') this.visits.set(row('visit_occurrence_id'), partner)
    return partner
  }

  /** Where a row of a fact table was done: by its provider, or at its visit. */
  partnerAt = (row: TableRow): string =>
    this.partnerOf(row, ['provider_id']) || (this.visits.get(row('visit_occurrence_id')) ?? '')

  /** Where a patient is registered. */
  practiceOf = (patient: string): string => this.practices.get(patient) ?? ''

  writePartners(tables: Tables): void {
    for (const { id, name, type, memberOf, origin } of this.sites.values()) {
      const { kind, assumed } = this.codes.kindOf([type], '', name)
      if (assumed) this.tally.note('kinds of partner assumed from the name')
      tables.add('partners.csv', { partner_id: id, name, kind, member_of: memberOf }, origin)
    }
    if (this.sites.size > 0) return
    for (const [key, { specialty, origin }] of this.providers)
      // the professional's own name is nobody's business here
      tables.add(
        'partners.csv',
        {
          partner_id: `provider-${key}`,
          name: `provider ${key}`,
          kind: this.codes.kindOf([specialty], '', specialty).kind,
        },
        origin,
      )
  }

  private partnerOf(row: TableRow, columns: readonly ('care_site_id' | 'provider_id')[]): string {
    for (const column of columns) {
      const key = keyIn(row, column)
      if (key === '') continue
      const provider = column === 'provider_id' ? this.providers.get(key) : undefined
      if (provider && this.sites.size === 0) return `provider-${key}`
      const site = this.sites.get(provider ? provider.site : column === 'care_site_id' ? key : '')
      if (site) return site.id
    }
    return ''
  }
}
