/** `npm run bench:models -- [DIR ...] [--generate N] [--skewed N] [--blend]`: every family of models alone and their blend, on the folds of a dataset, beside the peers in its
 *  peers.csv; one child process each, so that time and memory are its own. Prints a Markdown table.
 *
 *  --blend: the blend alone. --skewed N: scores, classes, counts and skewed measures of N patients each (skewed-sets.ts). At the end all sets together:
 *  ratios to the best peer, cover by tenth of the expectation, and what of it chance alone would make.
 *
 *  DIR is a dataset (with folds.csv and peers.csv where there are any); what it does not say itself follows it:
 *  `data/mmse,measure=mmse,horizon=730,window=270`. --peer "python3 peer.py {data} {out}" runs, times and weighs another program on each. */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { generateRegion } from '../data/synthetic/generate.ts'
import { openStore } from '../data/postgres/database.ts'
import { migrate } from '../data/postgres/migrate.ts'
import { configOf } from '../jobs/config.ts'
import { families } from '../models/registry.ts'
import { measured, type Measured } from './child.ts'
import { closingLines, tenthLines, type SetScore } from './cover.ts'
import { readPeers, type PeerScore } from './peers.ts'
import { prepared, setOf, type Prepared } from './sets.ts'
import type { FamilyScore } from './models-child.ts'
import { writeSkewedSets } from './skewed-sets.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** patients of a region to generate and measure too, on HbA1c */
    generate: { type: 'string' },
    skewed: { type: 'string' },
    /** not every family by itself */
    blend: { type: 'boolean', default: false },
    peer: { type: 'string', multiple: true, default: [] },
  },
})
const out = (line: string) => process.stdout.write(`${line}\n`)
const place = await mkdtemp(join(tmpdir(), 'winst-bench-models-'))

/** A family alone, or all of them, in a process of its own. */
const scored = async (set: Prepared, family: string): Promise<Measured<FamilyScore>> => {
  const child = new URL('./models-child.ts', import.meta.url).pathname
  return await measured<FamilyScore>(process.execPath, ['--import', 'tsx', child, set.place, family])
}

const three = (value: number | null) => (value === null ? '' : value.toFixed(value < 10 ? 3 : 2))
const row = (cells: readonly (string | number)[]) => out(`| ${cells.join(' | ')} |`)

function say(set: Prepared, ours: readonly [string, Measured<FamilyScore>][], peers: readonly PeerScore[]): void {
  const best = (key: 'mae' | 'rmse'): number => Math.min(...peers.map((peer) => peer[key]))
  const ratio = (value: number, key: 'mae' | 'rmse') => (peers.length === 0 ? '' : (value / best(key)).toFixed(3))
  const [, blend] = ours.at(-1)!
  out('')
  out(
    `**${set.name}**, ${set.spec.measure}: ${blend.result.rows} landmarks of ${blend.result.patients} patients, ${set.folds === null ? 'the folds of a contract' : 'the folds of folds.csv'}${peers.length === 0 ? '' : '; ratios to the best peer of each column'}`,
  )
  out('')
  row([
    '',
    'MAE',
    'RMSE',
    'R²',
    'CRPS',
    '90% cover',
    'width',
    'MAE / best',
    'RMSE / best',
    'fit, s',
    'predict, s',
    'peak MB',
  ])
  row(Array.from({ length: 12 }, () => '---'))
  for (const [family, { result, peakMb }] of ours)
    row([
      family === 'blend' ? '**blend**' : family,
      ...[result.mae, result.rmse, result.r2, result.crps, result.cover90, result.width90].map(three),
      ratio(result.mae, 'mae'),
      ratio(result.rmse, 'rmse'),
      (result.fitMs / 1000).toFixed(2),
      (result.predictMs / 1000).toFixed(2),
      peakMb ?? '',
    ])
  for (const peer of peers)
    row([
      `peer: ${peer.name}`,
      ...[peer.mae, peer.rmse, peer.r2].map(three),
      '',
      '',
      '',
      ratio(peer.mae, 'mae'),
      ratio(peer.rmse, 'rmse'),
      '',
      '',
      '',
    ])
}

/** Another program on the same directory: its last words, its time and its memory. */
async function sayProgram(template: string, set: Prepared): Promise<void> {
  const words = template
    .split(/\s+/)
    .map((word) => word.replace('{data}', set.dir).replace('{out}', join(place, 'peer.out')))
  const [command = '', ...rest] = words
  const { seconds, peakMb, lastLine } = await measured(command, rest, false)
  out(
    `\n\`${template}\`: ${seconds.toFixed(1)} s, ${peakMb === null ? 'memory unknown' : `${peakMb} MB at the most`}; it says: ${lastLine}`,
  )
}

try {
  const asked = positionals.map(setOf)
  if (values.generate !== undefined) {
    const dir = join(place, `generated-${values.generate}`)
    await generateRegion({ out: dir, patients: Number(values.generate), seed: 1 })
    asked.push(setOf(`${dir},programme=dm2,measure=hba1c`))
  }
  if (values.skewed !== undefined)
    for (const set of await writeSkewedSets(join(place, 'skewed'), Number(values.skewed))) asked.push(setOf(set))
  if (asked.length === 0) throw new Error('Name a dataset directory, or --generate N.')
  const config = { ...configOf(process.env), home: join(place, 'home') }
  const store = await openStore({ databaseUrl: config.databaseUrl, home: config.home, durable: false })
  try {
    await migrate(store)
    out(
      `${availableParallelism()} cores, Node ${process.versions.node}, ${process.platform}. Landmarks: every reading of the measure that has a result; where there are peers, those they were scored on.`,
    )
    const scores: SetScore[] = []
    for (const each of asked) {
      const set = await prepared(store, each, join(place, `set-${basename(each.dir)}`))
      const ours: [string, Measured<FamilyScore>][] = []
      for (const family of [...(values.blend ? [] : families.map(({ name }) => name)), 'blend'])
        ours.push([family, await scored(set, family)])
      say(set, ours, await readPeers(set.dir))
      const { result } = ours.at(-1)![1]
      out('')
      for (const line of tenthLines(result.tenths)) out(line)
      scores.push({ name: set.name, blend: result })
      for (const template of values.peer) await sayProgram(template, set)
    }
    for (const line of closingLines(scores)) out(line)
  } finally {
    await store.close()
  }
} finally {
  await rm(place, { recursive: true, force: true })
}
