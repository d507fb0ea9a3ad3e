/** dataset_sha256: the hash of a region's accepted rows, independent of files, formats, order and deliveries.
 *
 *  dataset_sha256 = SHA-256 of the lines "gezondheidswinst dataset 1", then the hex digest of the tables without
 *  patients, then that of each logical shard in order. A shard's digest runs over its tables: patients first, then
 *  SNAPSHOT_TABLES, each as one line of JSON (table, rows, and every column's name, with its words ascending if it
 *  is a text), and then column by column the values: little-endian int32 (days since 1970-01-01, 2147483647 for none;
 *  places in a list), little-endian float64 (doubles), or a JSON array (ids). */
import { createHash, type Hash } from 'node:crypto'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import type { SortedRows } from './rows.ts'
import type { ShardPatients } from './patients.ts'
import type { SnapshotTable } from './tables.ts'

export interface TableRows {
  readonly table: SnapshotTable
  readonly sorted: SortedRows
}

/** The digest of one shard, in hex. */
export function shardDigest(patients: ShardPatients, tables: readonly TableRows[]): string {
  const hash = createHash('sha256')
  digestPatients(hash, patients)
  for (const { table, sorted } of tables) {
    const words = table.columns.map(({ name }, at) => {
      const column = sorted.columns[at]
      return column?.kind === 'word' ? [name, column.words] : [name]
    })
    line(hash, { table: table.name, rows: sorted.rows, columns: [['patient_id'], ...words] })
    numbers(hash, sorted.patient)
    for (const column of sorted.columns)
      if (column.kind === 'text') line(hash, column.values)
      else numbers(hash, column.values)
  }
  return hash.digest('hex')
}

function digestPatients(hash: Hash, patients: ShardPatients): void {
  line(hash, { table: 'patients', rows: patients.patientIds.length })
  line(hash, patients.patientIds)
  numbers(hash, Int32Array.from(patients.birthYear))
  numbers(hash, Int32Array.from(patients.sex))
  line(hash, patients.postcode4)
  line(hash, patients.insurer)
  numbers(hash, patients.diedOn)
}

/** The digest of the tables that have no patient: every row as canonical JSON, in code-unit order. */
export function regionDigest(tables: Readonly<Record<string, readonly object[]>>): string {
  const hash = createHash('sha256')
  for (const [table, rows] of Object.entries(tables)) {
    line(hash, { table, rows: rows.length })
    for (const row of rows.map(canonicalJson).sort()) hash.update(`${row}\n`)
  }
  return hash.digest('hex')
}

export const datasetSha256Of = (region: string, shards: readonly string[]): string =>
  createHash('sha256')
    .update(['gezondheidswinst dataset 1', region, ...shards].map((text) => `${text}\n`).join(''))
    .digest('hex')

const line = (hash: Hash, value: unknown): void => void hash.update(`${JSON.stringify(value)}\n`)

const numbers = (hash: Hash, values: Int32Array | Float64Array): void =>
  void hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
