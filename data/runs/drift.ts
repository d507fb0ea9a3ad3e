/** Input and results of the drift monitor: measured results of a contract year by month, and the alarm. */
import type { Selectable } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import type { Drift, DriftKind, DriftMonth, Results } from '../../engine/explain/drift.ts'
import { copyOut } from '../postgres/copy-out.ts'
import type { Store } from '../postgres/database.ts'
import type { RunTables } from '../postgres/run-tables.ts'
import type { Run } from './runs.ts'
import { inTransaction, type Transaction } from '../postgres/transaction.ts'

/** The measured results of one outcome in the contract year of a run, by patient. */
export async function readResults(
  store: Pick<Store, 'pool'>,
  run: Run,
  measure: string,
  { control }: Pick<Contract, 'control'>,
): Promise<Results> {
  const rows: number[][] = []
  await inTransaction(store, async ({ client }) => {
    // both sides were written a moment ago: no statistics yet, so a plan made for few rows
    await client.query('set local enable_nestloop = off')
    const { rows: found } = await client.query<{ measure_id: number; partner_no: number | null }>(
      `select k.measure_id, p.partner_no from measure_key k
         left join run_partner p on p.run_id = $2 and p.partner_id = any ($3) where k.key = $1`,
      [measure, run.runId, control],
    )
    const controls = new Set(found.map(({ partner_no }) => partner_no))
    await copyOut(
      client,
      selectOf(run, found[0]?.measure_id ?? 0),
      ['int4', 'int2', 'int2', 'float8', 'float8', 'float8'],
      ({ rows: count, numbers }) => {
        for (let row = 0; row < count; row++) {
          const [month, partner, ...rest] = numbers.map((column) => column[row]!) as [number, number, ...number[]]
          rows.push([month, controls.has(partner) ? 1 : 0, ...rest])
        }
      },
    )
  })
  const column = (at: number): Float64Array => Float64Array.from(rows, (row) => row[at]!)
  return {
    month: Int32Array.from(column(0)),
    control: Uint8Array.from(column(1)),
    practice: Int32Array.from(column(2)),
    mean: column(3),
    sd: column(4),
    realised: column(5),
  }
}

const selectOf = ({ runKey }: Run, measureId: number): string => `
  select (12 * extract(year from h.realised_on) + extract(month from h.realised_on) - 1)::int,
         e.partner_no, e.practice_no, e.mean, e.sd, h.realised
    from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no)
   where e.run_key = ${runKey} and e.measure_id = ${measureId} and e.years_before = 0
     and h.status = 'measured' and e.sd > 0
   order by e.patient_key, e.index_no`

const monthDay = (month: number): Day =>
  `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01` as Day

/** Stores the result of the monitor for one outcome of a run. */
export async function appendDrift(
  { db }: Pick<Transaction, 'db'>,
  { runId: run_id }: Pick<Run, 'runId'>,
  measure: string,
  { months, alarm }: Drift,
): Promise<void> {
  if (months.length > 0)
    await db
      .insertInto('drift_month')
      .values(
        months.map(({ month, biasSd, biasSdSe, slopeSe, ...rest }) => ({
          ...rest,
          run_id,
          measure,
          month: monthDay(month),
          bias_sd: biasSd,
          bias_sd_se: biasSdSe,
          slope_se: slopeSe,
        })),
      )
      .execute()
  if (alarm)
    await db
      .insertInto('drift_alarm')
      .values({ run_id, measure, ...alarm, month: monthDay(alarm.month) })
      .execute()
}

/** A stored month; `month` is its first day. */
export type KeptMonth = Omit<DriftMonth, 'month'> & { readonly month: Day }

export interface KeptDrift {
  readonly measure: string
  readonly months: readonly KeptMonth[]
  readonly alarm: { readonly month: Day; readonly kind: DriftKind; readonly evidence: number } | null
}

/** The stored results of every outcome of a run, by measure; small groups are not yet suppressed. */
export const readDrift = async (store: Pick<Store, 'db'>, runId: string): Promise<readonly KeptDrift[]> =>
  (await readDrifts(store, [runId])).get(runId) ?? []

/** The same of many runs, by run_id: two queries, however many there are. */
export async function readDrifts(
  store: Pick<Store, 'db'>,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, readonly KeptDrift[]>> {
  if (runIds.length === 0) return new Map()
  const months = await store.db
    .selectFrom('drift_month')
    .selectAll()
    .where('run_id', 'in', runIds)
    .orderBy('measure')
    .orderBy('month')
    .orderBy('side')
    .execute()
  const alarms = await store.db.selectFrom('drift_alarm').selectAll().where('run_id', 'in', runIds).execute()
  const ofRun = (runId: string): KeptDrift[] => {
    const own = months.filter(({ run_id }) => run_id === runId)
    return [...new Set(own.map(({ measure }) => measure))].map((measure) => {
      const alarm = alarms.find((each) => each.run_id === runId && each.measure === measure)
      return {
        measure,
        months: own.filter((each) => each.measure === measure).map(keptOf),
        alarm: alarm ? { month: alarm.month, kind: alarm.kind, evidence: alarm.evidence } : null,
      }
    })
  }
  return new Map(runIds.map((runId) => [runId, ofRun(runId)]))
}

const keptOf = (row: Omit<Selectable<RunTables['drift_month']>, 'run_id' | 'measure'>): KeptMonth => ({
  side: row.side,
  month: row.month,
  measured: row.measured,
  bias: row.bias,
  biasSd: row.bias_sd,
  biasSdSe: row.bias_sd_se,
  slope: row.slope,
  slopeSe: row.slope_se,
  evidence: row.evidence,
})

/** The runs whose expectations come from a model, the latest as_of first. */
export async function runsOf(
  store: Pick<Store, 'db'>,
  modelId: string,
): Promise<{ runId: string; measure: string; asOf: Day }[]> {
  const rows = await store.db
    .selectFrom('run_model')
    .innerJoin('run', 'run.run_id', 'run_model.run_id')
    .select(['run_model.run_id', 'measure', 'as_of'])
    .where('model_id', '=', modelId)
    .orderBy('as_of', 'desc')
    .orderBy('run_key', 'desc')
    .execute()
  return rows.map(({ run_id, measure, as_of }) => ({ runId: run_id, measure, asOf: as_of }))
}
