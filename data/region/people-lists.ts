/** Lists of a region's partners and patients, as known on a day. */
import { sql } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import { keysetOf, pageCut, type Listing, type PageAsked, type PageOf } from '../postgres/keyset.ts'
import type { Store } from '../postgres/database.ts'

export interface ListedPartner {
  readonly partner_id: string
  readonly name: string
  readonly kind: string
  readonly agb: string | null
  readonly member_of: string | null
}

export const PARTNERS: Listing<ListedPartner> = {
  sorts: {
    partner_id: { kind: 'text', of: ({ partner_id }) => partner_id, sql: 'p.partner_id' },
    name: { kind: 'text', of: ({ name }) => name, sql: 'p.name' },
  },
  id: { kind: 'text', of: ({ partner_id }) => partner_id, sql: 'p.partner_id' },
  first: 'partner_id',
}

/** Where and when lists are of: a region as known on a day. */
export interface AsKnown {
  readonly regionId: number
  readonly asOf: Day
}

/** A page of the partners that whoever asks may see. */
export async function listPartners(
  store: Pick<Store, 'db'>,
  { regionId, asOf }: AsKnown,
  asked: PageAsked,
  { kind = null, partner = null }: { readonly kind?: string | null; readonly partner?: string | null } = {},
): Promise<PageOf<ListedPartner>> {
  const { after, order, limit } = keysetOf(PARTNERS, asked)
  const { rows } = await sql<ListedPartner>`
    select p.partner_id, p.name, p.kind, p.agb, p.member_of from partner_known(${regionId}, ${asOf}) p
     where ${after} and (${kind}::text is null or p.kind = ${kind}) and (${partner}::text is null or p.partner_id = ${partner})
     order by ${order} limit ${limit}`.execute(store.db)
  return pageCut(PARTNERS, asked, rows)
}

export interface ListedPatient {
  readonly patient_id: string
  readonly birth_year: number | null
  readonly sex: string
  readonly postcode4: string | null
  readonly insurer: string | null
  readonly died_on: Day | null
  readonly enrolments: readonly {
    readonly programme: string
    readonly partner_id: string
    readonly started_on: Day
    readonly ended_on: Day | null
  }[]
}

export const PATIENTS: Listing<ListedPatient> = {
  sorts: { patient_id: { kind: 'text', of: ({ patient_id }) => patient_id, sql: 'w.patient_id' } },
  id: { kind: 'text', of: ({ patient_id }) => patient_id, sql: 'w.patient_id' },
  first: 'patient_id',
}

export interface PatientsAsked {
  readonly patient?: string | null
  /** enrolled with it on the day */
  readonly partner?: string | null
  readonly programme?: string | null
}

/** The deliveries that were known on the day, and what none of them took back: for one patient at a time, so that a page costs a page. */
const known = (table: 'patient_state' | 'enrolment', { regionId, asOf }: AsKnown) => {
  const same = table === 'enrolment' ? sql`and s.programme = f.programme` : sql``
  return sql`select f.* from ${sql.table(table)} f
    where f.region_id = ${regionId} and f.patient_key = w.patient_key and f.delivery_id = any ((select deliveries_known(${regionId}, ${asOf}))::int[])
      and not exists (select from ${sql.table(`superseded_${table}`)} s where s.region_id = f.region_id and s.patient_key = f.patient_key
        and s.delivery_id = f.delivery_id ${same} and s.by_delivery_id = any ((select deliveries_known(${regionId}, ${asOf}))::int[]))`
}

/** A page of the patients that whoever asks may see, with their enrolments. */
export async function listPatients(
  store: Pick<Store, 'db'>,
  at: AsKnown,
  asked: PageAsked,
  { patient = null, partner = null, programme = null }: PatientsAsked = {},
): Promise<PageOf<ListedPatient>> {
  const { after, order, limit } = keysetOf(PATIENTS, asked)
  const enrolled = sql`exists (select from (${known('enrolment', at)}) e where (${partner}::text is null or e.partner_id = ${partner})
    and (${programme}::text is null or e.programme = ${programme}) and e.started_on <= ${at.asOf} and (e.ended_on is null or e.ended_on > ${at.asOf}))`
  const { rows } = await sql<ListedPatient>`
    select w.patient_id, p.birth_year, p.sex, p.postcode4, p.insurer, p.died_on,
           coalesce((select jsonb_agg(jsonb_build_object('programme', e.programme, 'partner_id', e.partner_id,
               'started_on', e.started_on, 'ended_on', e.ended_on) order by e.started_on, e.programme)
             from (${known('enrolment', at)}) e), '[]') as enrolments
      from patient w cross join lateral (${known('patient_state', at)}) p
     where w.region_id = ${at.regionId} and ${after} and (${patient}::text is null or w.patient_id = ${patient})
       and (${partner}::text is null and ${programme}::text is null or ${enrolled})
     order by ${order} limit ${limit}`.execute(store.db)
  return pageCut(PATIENTS, asked, rows)
}
