/** One family alone, or the blend of all, on one prepared dataset: prints its scores and times as JSON, and ends. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { panelOf } from '../data/columns/panel-bytes.ts'
import { dayOf } from '../engine/kernel/calendar.ts'
import { SHARDS } from '../engine/panel/panel.ts'
import { seed } from '../jobs/stages/seed.ts'
import { backtest, tenthsOf } from '../models/ensemble/backtest.ts'
import { families } from '../models/registry.ts'
import { scoreOf, type Score } from '../models/evaluation/score.ts'
import type { TenthCover } from '../models/evaluation/tenths.ts'
import { peerLandmarks } from './peers.ts'
import { ratiosToPeers, type Ratios } from './ratios.ts'
import type { Prepared } from './sets.ts'

export interface FamilyScore extends Score {
  readonly patients: number
  readonly fitMs: number
  readonly predictMs: number
  readonly tenths: readonly TenthCover[]
  /** the part of the values within the 90% interval, on average: `cover90` counts a value with a mass whole */
  readonly within: number
  /** null where there are no peers */
  readonly ratios: Ratios | null
}

const [place = '', family = ''] = process.argv.slice(2)
const { dir, spec, folds } = JSON.parse(await readFile(join(place, 'set.json'), 'utf8')) as Prepared
const competing = family === 'blend' ? undefined : families.filter(({ name }) => name === family)
const panels = await Promise.all(
  Array.from({ length: SHARDS }, async (_, shard) => panelOf(await readFile(join(place, `shard-${shard}`)))),
)
const from = performance.now()
const clock = () => performance.now()
const { rows, predictMs } = await backtest(panels, spec, folds && new Map(folds), seed, clock, competing)
const fitMs = performance.now() - from - (predictMs ?? 0)

const wanted = await peerLandmarks(dir)
const judged = rows.filter(
  ({ realised, patientId, landmarkOn }) =>
    realised !== null && (wanted === null || wanted.has(`${patientId} ${dayOf(landmarkOn)}`)),
)
const target = Float64Array.from(judged, ({ realised }) => realised ?? NaN)
const mean = Float64Array.from(judged, (row) => row.mean)
const quantiles = judged[0]?.quantiles.map((_, k) => Float64Array.from(judged, (row) => row.quantiles[k]!)) ?? []
const score = scoreOf(target, { mean, quantiles }, Int32Array.from(target.keys()))
const patients = new Set(judged.map(({ patientId }) => patientId)).size
const within = judged.reduce((sum, row) => sum + row.within!, 0) / judged.length
const ratios = await ratiosToPeers(dir, judged)
process.stdout.write(
  `${JSON.stringify({ ...score, patients, fitMs, predictMs, tenths: tenthsOf(judged), within, ratios } satisfies Omit<FamilyScore, 'predictMs'> & { predictMs: number | null })}\n`,
)
