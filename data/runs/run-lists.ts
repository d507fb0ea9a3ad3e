/** Lists of runs, and of what was expected of each patient in one. */
import { sql } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import { keysetOf, pageCut, type Listing, type PageAsked, type PageOf } from '../postgres/keyset.ts'
import type { Store } from '../postgres/database.ts'
import type { Run } from './runs.ts'

/** A run, with the settlement that came of it. */
export interface ListedRun extends Omit<Run, 'regionId'> {
  readonly contractId: string
  /** null: it trained models only, or has not ended */
  readonly settlementId: string | null
}

export const RUNS: Listing<ListedRun> = {
  sorts: { as_of: { kind: 'day', of: ({ asOf }) => asOf, sql: 'r.as_of' } },
  id: { kind: 'integer', of: ({ runKey }) => runKey, sql: 'r.run_key' },
  first: '-as_of',
}

const runs = sql`select r.run_id as "runId", r.run_key as "runKey", r.contract_sha256 as "contractSha256", r.as_of as "asOf",
    r.dataset_sha256 as "datasetSha256", r.engine_version as "engineVersion", c.contract_id as "contractId", s.settlement_id as "settlementId"
  from run r join contract c using (contract_sha256) left join settlement s using (run_id)`

export async function listRuns(
  store: Pick<Store, 'db'>,
  asked: PageAsked,
  { contractId = null }: { readonly contractId?: string | null } = {},
): Promise<PageOf<ListedRun>> {
  const { after, order, limit } = keysetOf(RUNS, asked)
  const { rows } = await sql<ListedRun>`${runs}
    where ${after} and (${contractId}::text is null or c.contract_id = ${contractId}) order by ${order} limit ${limit}`.execute(
    store.db,
  )
  return pageCut(RUNS, asked, rows)
}

/** The run of that id; null: there is none, or none that whoever asks may see. */
export async function findRun(store: Pick<Store, 'db'>, runId: string): Promise<ListedRun | null> {
  const { rows } = await sql<ListedRun>`${runs} where r.run_id = ${runId}`.execute(store.db)
  return rows[0] ?? null
}

/** What was expected of one patient, and what followed. */
export interface ListedExpectation {
  readonly patient_id: string
  readonly partner_id: string
  readonly practice_id: string
  readonly insurer: string
  readonly index_on: Day
  readonly target_on: Day
  readonly exposure_days: number
  readonly status: string | null
  readonly baseline: number | null
  readonly mean: number | null
  readonly sd: number | null
  readonly q05: number | null
  readonly q50: number | null
  readonly q95: number | null
  readonly expected_value: number | null
  readonly realised: number | null
  readonly realised_on: Day | null
  readonly realised_value: number | null
  readonly gain: number | null
  readonly contribution: number | null
}

export const EXPECTATIONS: Listing<ListedExpectation> = {
  sorts: { patient_id: { kind: 'text', of: ({ patient_id }) => patient_id, sql: 'w.patient_id' } },
  id: { kind: 'text', of: ({ patient_id }) => patient_id, sql: 'w.patient_id' },
  first: 'patient_id',
}

export interface ExpectationsAsked {
  readonly measure: string
  /** 0: the contract year; 1 to 3: placebo years */
  readonly yearsBefore: number
  /** null: of every partner that whoever asks may see */
  readonly partner: string | null
}

/** A page of the expectations of a run for one outcome, by patient. */
export async function listExpectations(
  store: Pick<Store, 'db'>,
  { runId, runKey }: Pick<Run, 'runId' | 'runKey'>,
  asked: PageAsked,
  { measure, yearsBefore, partner }: ExpectationsAsked,
): Promise<PageOf<ListedExpectation>> {
  const { after, order, limit } = keysetOf(EXPECTATIONS, asked)
  const { rows } = await sql<ListedExpectation>`
    select w.patient_id, p.partner_id, g.partner_id as practice_id, i.insurer, e.index_on, e.target_on, e.exposure_days,
           h.status::text as status, h.baseline, e.mean, e.sd, e.q05, e.q50, e.q95, e.expected_value,
           h.realised, h.realised_on, h.realised_value, h.gain, a.contribution
      from patient w
      join expectation e on e.patient_key = w.patient_key and e.run_key = ${runKey} and e.years_before = ${yearsBefore}
        and e.measure_id = (select k.measure_id from measure_key k where k.key = ${measure})
      join run_partner p on p.run_id = ${runId} and p.partner_no = e.partner_no
      join run_partner g on g.run_id = ${runId} and g.partner_no = e.practice_no
      join run_insurer i on i.run_id = ${runId} and i.insurer_no = e.insurer_no
      left join realisation h on (h.run_key, h.measure_id, h.years_before, h.patient_key) = (e.run_key, e.measure_id, e.years_before, e.patient_key)
      left join gain a on (a.run_key, a.measure_id, a.years_before, a.patient_key) = (e.run_key, e.measure_id, e.years_before, e.patient_key)
     where ${after} and (${partner}::text is null or p.partner_id = ${partner})
     order by ${order} limit ${limit}`.execute(store.db)
  return pageCut(EXPECTATIONS, asked, rows)
}
