/** The expectations of one shard of a run, read back as the columns that the realisation is held against. */
import type { Panel } from '../engine/panel.ts'
import { copyOut } from './copy-out.ts'
import type { Run } from './runs.ts'
import type { Store } from './database.ts'

/** One outcome in one assessed year of one shard: a row per admitted patient, ascending by patient. */
export interface ExpectedColumns {
  readonly measure: string
  readonly yearsBefore: number
  readonly mean: Float64Array
  readonly sd: Float64Array
  readonly expectedValue: Float64Array
}

/** Every block of the shard, in no particular order; its rows ascend by patient_id, as the panel's do. */
export async function readExpectedShard(
  store: Pick<Store, 'pool'>,
  { runKey, regionId }: Pick<Run, 'runKey' | 'regionId'>,
  shard: number,
  panel: Pick<Panel, 'patientIds'>,
): Promise<ExpectedColumns[]> {
  const placeOf = new Map(panel.patientIds.map((id, place) => [id, place]))
  const blocks = new Map<string, { measure: string; yearsBefore: number; rows: [number, number, number, number][] }>()
  const client = await store.pool.connect()
  try {
    await copyOut(
      client,
      `select k.key, e.years_before, w.patient_id, e.mean, e.sd, e.expected_value
         from expectation e join measure_key k using (measure_id) join patient w using (patient_key)
        where e.run_key = ${runKey} and w.region_id = ${regionId} and w.shard = ${shard}`,
      ['text', 'int2', 'text', 'float8', 'float8', 'float8'],
      ({ rows, texts, numbers }) => {
        for (let row = 0; row < rows; row++) {
          const measure = texts[0]![row]!
          const yearsBefore = numbers[1]![row]!
          const name = `${measure} ${yearsBefore}`
          const block = blocks.get(name) ?? { measure, yearsBefore, rows: [] }
          blocks.set(name, block)
          block.rows.push([placeOf.get(texts[2]![row]!)!, numbers[3]![row]!, numbers[4]![row]!, numbers[5]![row]!])
        }
      },
    )
  } finally {
    client.release()
  }
  return [...blocks.values()].map(({ measure, yearsBefore, rows }) => {
    rows.sort(([a], [b]) => a - b)
    const column = (at: 1 | 2 | 3) => Float64Array.from(rows, (row) => row[at])
    return { measure, yearsBefore, mean: column(1), sd: column(2), expectedValue: column(3) }
  })
}
