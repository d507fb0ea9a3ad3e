/** Predictions of other methods for the same patients and days: peers.csv, a column each. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { dayOf } from '../engine/kernel/calendar.ts'
import { randomOf } from '../engine/kernel/random.ts'
import type { BacktestRow } from '../models/ensemble/backtest.ts'
import { QUANTILES } from '../models/predictive/expecter.ts'

export interface PeerScore {
  readonly name: string
  readonly mae: number
  readonly rmse: number
  readonly r2: number
}

/** Columns that are no forecast: who, when, what happened, and the ends of an interval. */
const known = new Set(['patient_id', 'landmark_on', 'target_on', 'target', 'lo05', 'hi95'])

const rowsOf = async (dir: string): Promise<Record<string, string>[]> => {
  const path = join(dir, 'peers.csv')
  return existsSync(path) ? parse(await readFile(path), { columns: true, bom: true }) : []
}

/** The landmarks that the peers were scored on, `patient_id landmark_on`; null where there are no peers. */
export async function peerLandmarks(dir: string): Promise<ReadonlySet<string> | null> {
  const rows = await rowsOf(dir)
  return rows.length === 0 ? null : new Set(rows.map((row) => `${row.patient_id} ${row.landmark_on}`))
}

/** Every peer of a dataset, the best first. */
export async function readPeers(dir: string): Promise<PeerScore[]> {
  const rows = await rowsOf(dir)
  const target = rows.map((row) => Number(row.target))
  const average = target.reduce((sum, y) => sum + y, 0) / target.length
  const total = target.reduce((sum, y) => sum + (y - average) ** 2, 0)
  const names = Object.keys(rows[0] ?? {}).filter((name) => !known.has(name))
  const scores = names.map((name) => {
    const errors = rows.map((row, i) => target[i]! - Number(row[name]))
    const squares = errors.reduce((sum, e) => sum + e * e, 0)
    const mae = errors.reduce((sum, e) => sum + Math.abs(e), 0) / errors.length
    return { name, mae, rmse: Math.sqrt(squares / errors.length), r2: 1 - squares / total }
  })
  return scores.sort((a, b) => a.mae - b.mae)
}

/** Error over that of the best peer, picked afterwards, and 95% over patients drawn again. */
export interface Ratio {
  readonly ratio: number
  readonly interval: readonly [number, number]
  readonly peer: string
}
export interface Ratios {
  readonly rmse: Ratio
  readonly crps: Ratio
}

/** On the peers' landmarks. A peer says a mean only: its distribution is that with the quantiles of its own out-of-fold residuals.
 *  @param rows ascending by patient, those with a realised value  @returns null where there are no peers */
export async function ratiosToPeers(dir: string, rows: readonly BacktestRow[]): Promise<Ratios | null> {
  const read = new Map((await rowsOf(dir)).map((row) => [`${row.patient_id} ${row.landmark_on}`, row]))
  const joined = rows.flatMap((row) => {
    const peer = read.get(`${row.patientId} ${dayOf(row.landmarkOn)}`)
    return peer && row.realised !== null ? [{ row, peer, y: row.realised }] : []
  })
  if (joined.length === 0) return null
  const names = Object.keys(joined[0]!.peer).filter((name) => !known.has(name))
  const squares = names.map((name) => joined.map(({ peer, y }) => (y - Number(peer[name])) ** 2))
  const losses = names.map((name) => {
    const sorted = Float64Array.from(joined, ({ peer, y }) => y - Number(peer[name])).sort()
    const residuals = QUANTILES.map((p) => quantileOf(sorted, p))
    return joined.map(({ peer, y }) => pinball(y, residuals.map((r) => Number(peer[name]) + r))) // prettier-ignore
  })
  const patients = joined.map(({ row }) => row.patientId)
  const own = { squares: joined.map(({ row, y }) => (y - row.mean) ** 2), losses: joined.map(({ row, y }) => pinball(y, row.quantiles)) } // prettier-ignore
  return {
    rmse: ratioOf(own.squares, squares, names, patients, Math.sqrt),
    crps: ratioOf(own.losses, losses, names, patients, (x) => x),
  }
}

const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

const pinball = (y: number, quantiles: readonly number[]): number =>
  sumOf(QUANTILES.map((p, k) => Math.max(p * (y - quantiles[k]!), (p - 1) * (y - quantiles[k]!))))

/** Linear between the ordered values. */
function quantileOf(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1)
  const below = Math.floor(at)
  return sorted[below]! + (at - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!)
}

const draws = 500

function ratioOf(
  own: readonly number[],
  peers: readonly (readonly number[])[],
  names: readonly string[],
  patients: readonly string[],
  scaled: (x: number) => number,
): Ratio {
  // prettier-ignore
  const best = peers.reduce((least, losses, k) => (sumOf(losses) < sumOf(peers[least]!) ? k : least), 0)
  const [ours, theirs]: [number[], number[]] = [[], []]
  own.forEach((loss, row) => {
    const isSame = row > 0 && patients[row] === patients[row - 1]
    if (!isSame) {
      ours.push(0)
      theirs.push(0)
    }
    ours[ours.length - 1]! += loss
    theirs[theirs.length - 1]! += peers[best]![row]!
  })
  const random = randomOf(1, 0)
  const drawn = Array.from({ length: draws }, () => {
    let [a, b] = [0, 0]
    for (let draw = 0; draw < ours.length; draw++) {
      const patient = random.below(ours.length)
      a += ours[patient]!
      b += theirs[patient]!
    }
    return scaled(a / b)
  })
  const sorted = Float64Array.from(drawn).sort()
  return {
    ratio: scaled(sumOf(ours) / sumOf(theirs)),
    interval: [quantileOf(sorted, 0.025), quantileOf(sorted, 0.975)],
    peer: names[best]!,
  }
}
