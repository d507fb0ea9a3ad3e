/** The datasets of a bench of models, imported once and written as files for child processes. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Store } from '../data/postgres/database.ts'
import { importDataset } from '../data/import/import.ts'
import { regionProgrammes } from '../data/region/region-programmes.ts'
import { readPanelBytes, takeSnapshot } from '../data/snapshot/snapshot.ts'
import { SHARDS } from '../engine/panel/panel.ts'
import type { ExpectationSpec } from '../models/estimator.ts'

export interface AskedSet {
  readonly dir: string
  readonly options: Readonly<Record<string, string>>
}

export interface Prepared {
  readonly name: string
  readonly dir: string
  /** where `set.json` and the shards lie */
  readonly place: string
  readonly spec: Omit<ExpectationSpec, 'folds'>
  /** patient_id, fold; null: there is no folds.csv */
  readonly folds: readonly (readonly [string, number])[] | null
}

/** `DIR,measure=…,horizon=…,window=…,programme=…` */
export function setOf(argument: string): AskedSet {
  const [dir = '', ...rest] = argument.split(',')
  return { dir: resolve(dir), options: Object.fromEntries(rest.map((each) => each.split('=') as [string, string])) }
}

/** Imports a dataset and writes its panels, spec and folds to `place`.
 *  @throws Error where it has several programmes or measures and none is named */
export async function prepared(store: Store, { dir, options }: AskedSet, place: string): Promise<Prepared> {
  await mkdir(place, { recursive: true })
  const name = basename(dir)
  const region = `bench ${name} ${process.pid}`
  const { regionId, deliveredOn: asOf } = await importDataset(store, {
    dir,
    region,
    rejectsPath: join(place, 'rejects.csv'),
  })
  const delivered = existsSync(join(dir, 'programmes'))
  const programmes = await regionProgrammes(store.pool, regionId, asOf)
  const programme = programmes.get(options.programme ?? (delivered ? 'study' : ''))
  const measure = programme?.measures.find(
    ({ key }) => key === options.measure || (options.measure === undefined && programme.measures.length === 1),
  )
  if (!programme || !measure)
    throw new Error(
      `${dir}: name the measure, DIR,programme=…,measure=…; ${programme ? `${programme.programme} has ${programme.measures.map(({ key }) => key).join(', ')}` : `there are the programmes ${[...programmes.keys()].join(', ')}`}.`,
    )
  const { datasetSha256 } = await takeSnapshot(store, { regionId, asOf, programme })
  for (let shard = 0; shard < SHARDS; shard++) {
    const bytes = await readPanelBytes(store, { regionId, datasetSha256, programme: programme.programme, shard })
    await writeFile(join(place, `shard-${shard}`), bytes)
  }
  const spec = {
    measure: measure.key,
    horizonDays: Number(options.horizon ?? 365),
    windowDays: Number(options.window ?? 120),
    plausible: measure.plausible,
    ...(measure.step === undefined ? {} : { step: measure.step }),
  }
  const folds = await foldsOf(join(dir, 'folds.csv'))
  const set = { name, dir, place, spec, folds }
  await writeFile(join(place, 'set.json'), JSON.stringify(set))
  return set
}

async function foldsOf(path: string): Promise<Prepared['folds']> {
  if (!existsSync(path)) return null
  const rows: Record<string, string>[] = parse(await readFile(path), { columns: true, bom: true })
  return rows.map((row) => [row.patient_id ?? '', Number(row.fold)])
}
