/** The patients of a region as known on a day, by logical shard and patient_id: the index for all other rows. */
import type { ClientBase } from 'pg'
import { NO_BIRTH_YEAR, SEXES, SHARDS } from '../../engine/panel/panel.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import { copyOut } from '../postgres/copy-out.ts'
import { byCodeUnits } from '../columns/text-order.ts'

/** The patients of one shard in columns, ascending by patient_id (code units). */
export interface ShardPatients {
  readonly patientIds: readonly string[]
  /** NO_BIRTH_YEAR where it is not known */
  readonly birthYear: Int16Array
  /** index in SEXES */
  readonly sex: Uint8Array
  readonly postcode4: readonly string[]
  /** UZOVI code, '' for unknown */
  readonly insurer: readonly string[]
  readonly diedOn: Int32Array
}

export interface RegionPatients {
  readonly shards: readonly ShardPatients[]
  /** every insurer of the region's patients, ascending; '' for unknown */
  readonly insurers: readonly string[]
  /** where a patient_key lies: its shard, and its place there */
  readonly shardOf: (patientKey: number) => number
  readonly placeOf: (patientKey: number) => number
}

interface PatientColumns {
  readonly key: number[]
  readonly patientId: string[]
  readonly shard: number[]
  readonly birthYear: number[]
  readonly sex: number[]
  readonly postcode4: string[]
  readonly insurer: string[]
  readonly diedOn: number[]
}

/** Every patient with a state known at `source` (a `patient_state_known(…)` call). */
export async function readPatients(client: ClientBase, source: string): Promise<RegionPatients> {
  const columns = await readColumns(client, source)
  const members: number[][] = Array.from({ length: SHARDS }, () => [])
  columns.shard.forEach((shard, row) => members[shard]?.push(row))
  for (const rows of members) rows.sort((a, b) => byCodeUnits(columns.patientId[a]!, columns.patientId[b]!))
  const from = columns.key.reduce((least, key) => Math.min(least, key), Infinity)
  const through = columns.key.reduce((most, key) => Math.max(most, key), -Infinity)
  // one word a key: the shard in the four highest bits that a positive int32 has, below it the place in the shard
  const where = new Int32Array(Math.max(0, through - from + 1)).fill(-1)
  members.forEach((rows, shard) =>
    rows.forEach((row, place) => (where[columns.key[row]! - from] = (shard << 26) | place)),
  )
  const wordOf = (key: number): number => {
    const word = where[key - from] ?? -1
    invariant(word >= 0, `the patient of key ${key} is known on the day that a row of it is`)
    return word
  }
  return {
    shards: members.map((rows) => shardOf(columns, rows)),
    insurers: [...new Set(columns.insurer)].sort(byCodeUnits),
    shardOf: (key) => wordOf(key) >>> 26,
    placeOf: (key) => wordOf(key) & ((1 << 26) - 1),
  }
}

async function readColumns(client: ClientBase, source: string): Promise<PatientColumns> {
  const columns: PatientColumns = {
    key: [],
    patientId: [],
    shard: [],
    birthYear: [],
    sex: [],
    postcode4: [],
    insurer: [],
    diedOn: [],
  }
  await copyOut(
    client,
    `select p.patient_key, p.shard, coalesce(t.birth_year, ${NO_BIRTH_YEAR})::int2, t.died_on, p.patient_id, t.sex::text, t.postcode4, t.insurer
       from ${source} t join patient p using (patient_key)`,
    ['int4', 'int2', 'int2', 'date', 'text', 'text', 'text', 'text'],
    ({ rows, numbers: [key, shard, birthYear, diedOn], texts }) => {
      for (let row = 0; row < rows; row++) {
        columns.key.push(key![row]!)
        columns.shard.push(shard![row]!)
        columns.birthYear.push(birthYear![row]!)
        columns.diedOn.push(diedOn![row]!)
        columns.patientId.push(texts[4]![row]!)
        columns.sex.push(SEXES.findIndex((sex) => sex === texts[5]![row]))
        columns.postcode4.push(texts[6]![row]!)
        columns.insurer.push(texts[7]![row]!)
      }
    },
  )
  return columns
}

const shardOf = (columns: PatientColumns, rows: readonly number[]): ShardPatients => ({
  patientIds: rows.map((row) => columns.patientId[row]!),
  birthYear: Int16Array.from(rows, (row) => columns.birthYear[row]!),
  sex: Uint8Array.from(rows, (row) => columns.sex[row]!),
  postcode4: rows.map((row) => columns.postcode4[row]!),
  insurer: rows.map((row) => columns.insurer[row]!),
  diedOn: Int32Array.from(rows, (row) => columns.diedOn[row]!),
})
