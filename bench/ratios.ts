/** The blend's error over that of the best peer, with what drawing the patients again makes of it. */
import { dayOf } from '../engine/kernel/calendar.ts'
import { randomOf } from '../engine/kernel/random.ts'
import type { BacktestRow } from '../models/ensemble/backtest.ts'
import { pinballAt } from '../models/evaluation/score.ts'
import { QUANTILES } from '../models/predictive/expecter.ts'
import { peerRows, peersIn } from './peers.ts'

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
  const read = new Map((await peerRows(dir)).map((row) => [`${row.patient_id} ${row.landmark_on}`, row]))
  const joined = rows.flatMap((row) => {
    const peer = read.get(`${row.patientId} ${dayOf(row.landmarkOn)}`)
    return peer && row.realised !== null ? [{ row, peer, y: row.realised }] : []
  })
  if (joined.length === 0) return null
  const names = peersIn(joined[0]!.peer)
  const squares = names.map((name) => joined.map(({ peer, y }) => (y - Number(peer[name])) ** 2))
  const losses = names.map((name) => {
    const sorted = Float64Array.from(joined, ({ peer, y }) => y - Number(peer[name])).sort()
    const residuals = QUANTILES.map((p) => quantileOf(sorted, p))
    return joined.map(({ peer, y }) => pinballAt(y, (k) => Number(peer[name]) + residuals[k]!))
  })
  const patients = joined.map(({ row }) => row.patientId)
  const ownSquares = joined.map(({ row, y }) => (y - row.mean) ** 2)
  const ownLosses = joined.map(({ row, y }) => pinballAt(y, (k) => row.quantiles[k]!))
  return {
    rmse: ratioOf(ownSquares, squares, names, patients, Math.sqrt),
    crps: ratioOf(ownLosses, losses, names, patients, (x) => x),
  }
}

const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

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
