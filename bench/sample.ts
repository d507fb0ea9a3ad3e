/** `npm run bench:sample -- --patients 20000`: what learning from some of a region's landmarks costs in accuracy. Trains on as many landmarks a shard
 *  and fold as a contract's training takes, on fewer and on more, and scores each on a region of other people. Prints a Markdown table. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readContractFile } from '../data/region/contract-file.ts'
import { openStore } from '../data/postgres/database.ts'
import { migrate } from '../data/postgres/migrate.ts'
import { panelOf } from '../data/columns/panel-bytes.ts'
import { loadProgrammes } from '../data/region/programme-files.ts'
import { generateRegion } from '../data/synthetic/generate.ts'
import type { Contract, Outcome } from '../engine/contract/contract.ts'
import { FOLDS, foldOf } from '../engine/kernel/fold.ts'
import { referenceLandmarks } from '../engine/panel/landmarks.ts'
import { SHARDS, type Panel } from '../engine/panel/panel.ts'
import { periodOf } from '../engine/kernel/calendar.ts'
import { targetsOf } from '../engine/panel/target.ts'
import { seriesOf } from '../engine/panel/window.ts'
import { configOf } from '../jobs/config.ts'
import { seed } from '../jobs/stages/seed.ts'
import { loadExpecter } from '../models/predictive/expecter.ts'
import { sampleOf, sampleShard } from '../models/sample/sample.ts'
import { scoreOf } from '../models/evaluation/score.ts'
import { SHARD_ROWS, train } from '../models/ensemble/training.ts'
import { prepared, setOf } from './sets.ts'

const { values } = parseArgs({
  options: { patients: { type: 'string', default: '20000' }, measure: { type: 'string', default: 'hba1c' } },
})
const measure = values.measure
const place = await mkdtemp(join(tmpdir(), 'winst-bench-sample-'))
const config = { ...configOf(process.env), home: join(place, 'home') }
const store = await openStore({ databaseUrl: config.databaseUrl, home: config.home, durable: false })

interface Region {
  readonly panels: readonly Panel[]
  readonly contractFile: string
}

async function regionOf(patients: number, withSeed: number): Promise<Region> {
  const dir = join(place, `region-${withSeed}`)
  const { contractFile } = await generateRegion({ out: dir, patients, seed: withSeed })
  const at = join(place, `set-${withSeed}`)
  await prepared(store, setOf(`${dir},programme=dm2,measure=${measure}`), at)
  const shards = Array.from({ length: SHARDS }, (_, shard) => readFile(join(at, `shard-${shard}`)))
  return { panels: (await Promise.all(shards)).map((bytes) => panelOf(bytes)), contractFile }
}

/** The shards of a sample with so many landmarks a shard and fold at most. */
const shardsOf = ({ panels }: Region, contract: Contract, outcome: Outcome, mostRows: number): Uint8Array[] =>
  panels.map((panel) => {
    const rows = referenceLandmarks(panel, contract, outcome)
    const targets = targetsOf(seriesOf(panel, measure), rows, { ...outcome, until: periodOf(contract.reference).until })
    const foldOfPatient = (patient: number): number => foldOf(panel.patientIds[patient]!)
    return sampleShard(panel, measure, rows, targets, { foldOfPatient, mostRows })
  })

try {
  await migrate(store)
  const programmes = await loadProgrammes()
  const [training, judged] = [await regionOf(Number(values.patients), 1), await regionOf(3000, 2)]
  const { contract } = await readContractFile(training.contractFile, programmes)
  const outcome = contract.outcomes.find((each) => each.measure === measure)!
  const spec = {
    measure,
    horizonDays: outcome.horizonDays,
    windowDays: outcome.windowDays,
    plausible: programmes.get('dm2')!.measures.find(({ key }) => key === measure)!.plausible,
  }
  const fresh = sampleOf(shardsOf(judged, contract, outcome, Infinity), FOLDS, measure)
  const all = Int32Array.from(fresh.target.keys())
  process.stdout.write(`${fresh.target.length} landmarks of other people to be judged by.\n\n`)
  process.stdout.write(
    '| landmarks learned from | of | MAE | RMSE | CRPS | seconds |\n| --- | --- | --- | --- | --- | --- |\n',
  )
  for (const mostRows of [SHARD_ROWS / 2, SHARD_ROWS, 2 * SHARD_ROWS, 8 * SHARD_ROWS]) {
    const shards = shardsOf(training, contract, outcome, mostRows)
    const from = performance.now()
    const { bytes, card } = await train(shards, spec, seed)
    const seconds = (performance.now() - from) / 1000
    const model = new Uint8Array(fresh.target.length).fill(FOLDS)
    const { mae, rmse, crps } = scoreOf(fresh.target, loadExpecter(bytes).predictTable(fresh.table, model), all)
    process.stdout.write(`| ${card.rows} | ${card.landmarks} | ${mae.toFixed(4)} | ${rmse.toFixed(4)} | ${crps.toFixed(4)} | ${seconds.toFixed(1)} |\n`) // prettier-ignore
  }
} finally {
  await store.close()
  await rm(place, { recursive: true, force: true })
}
