/** Predictions of other methods for the same patients and days: peers.csv, a column each. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'

export interface PeerScore {
  readonly name: string
  readonly mae: number
  readonly rmse: number
  readonly r2: number
}

/** Columns that are no forecast: who, when, what happened, and the ends of an interval. */
const known = new Set(['patient_id', 'landmark_on', 'target_on', 'target', 'lo05', 'hi95'])

type PeerRow = Readonly<Record<string, string>>

/** The rows of peers.csv; none where there are no peers. */
export async function peerRows(dir: string): Promise<PeerRow[]> {
  const path = join(dir, 'peers.csv')
  return existsSync(path) ? parse(await readFile(path), { columns: true, bom: true }) : []
}

/** The peers of a row, by name. */
export const peersIn = (row: PeerRow): string[] => Object.keys(row).filter((name) => !known.has(name))

/** The landmarks that the peers were scored on, `patient_id landmark_on`; null where there are no peers. */
export async function peerLandmarks(dir: string): Promise<ReadonlySet<string> | null> {
  const rows = await peerRows(dir)
  return rows.length === 0 ? null : new Set(rows.map((row) => `${row.patient_id} ${row.landmark_on}`))
}

/** Every peer of a dataset, the best first. */
export async function readPeers(dir: string): Promise<PeerScore[]> {
  const rows = await peerRows(dir)
  const target = rows.map((row) => Number(row.target))
  const average = target.reduce((sum, y) => sum + y, 0) / target.length
  const total = target.reduce((sum, y) => sum + (y - average) ** 2, 0)
  const names = peersIn(rows[0] ?? {})
  const scores = names.map((name) => {
    const errors = rows.map((row, i) => target[i]! - Number(row[name]))
    const squares = errors.reduce((sum, e) => sum + e * e, 0)
    const mae = errors.reduce((sum, e) => sum + Math.abs(e), 0) / errors.length
    return { name, mae, rmse: Math.sqrt(squares / errors.length), r2: 1 - squares / total }
  })
  return scores.sort((a, b) => a.mae - b.mae)
}
