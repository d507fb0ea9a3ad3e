import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mkdtemp, rm } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { importDataset } from '../../../data/import/import.ts'
import { profileOf } from '../../../data/profile/profile.ts'
import type { Profile } from '../../../data/profile/shape.ts'
import { generateRegion } from '../../../data/synthetic/generate.ts'
import { inTransaction } from '../../../data/postgres/transaction.ts'
import { randomOf } from '../../../engine/kernel/random.ts'
import { liveStore } from '../../support/services/live.ts'
import { profileInSql } from '../../support/oracles/profile-in-sql.ts'

const store = await liveStore()
const place = await mkdtemp(join(tmpdir(), 'winst-profile-'))
afterAll(async () => {
  await store.close()
  await rm(place, { recursive: true, force: true })
})

const random = randomOf(20261125, 1)
const chance = (share: number) => random.uniform() < share

/** What a real file has and a generated one lacks: no order, days filled in, a day of migration, pressures swapped, jumps, a mistyped year, readings of nobody. */
function untidy(line: string): string[] {
  const [patient, measure, on, value, unit] = line.split(',') as [string, string, string, string, string]
  const by = chance(0.2) ? '' : line.split(',')[5]!
  const written = (day: string, as = value, from = by) => [patient, measure, day, as, unit, from].join(',')
  if (chance(0.02)) return [written(`${on.slice(0, 4)}-01-01`)]
  if (chance(0.06)) return [written('2024-06-03')]
  if (measure === 'sbp' && chance(0.02)) return [written(on, '62'), `${patient},dbp,${on},99,mmHg,${by}`]
  if (measure === 'hba1c' && unit !== '%' && chance(0.02))
    return [written(on), written(on, '135'), written(on, value, 'dc01')]
  if (chance(0.0005)) return [written('2052-03-01')]
  return [written(on)]
}

const counts = async (order: Awaited<ReturnType<typeof importDataset>>) =>
  inTransaction(store, ({ client }) => profileInSql(client, order))

async function deliver(dir: string, delivered: string) {
  return importDataset(store, {
    dir,
    region: 'untidy',
    delivered,
    maxRejects: 1,
    rejectsPath: join(place, 'rejects.csv'),
  })
}

test('one pass over an untidy region counts what plain queries count, for its first delivery and for the next', async () => {
  const dir = join(place, 'region')
  await generateRegion({ out: dir, patients: 300, seed: 7 })
  const file = join(dir, 'observations.csv')
  const [header, ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\n')
  const shuffled = lines.flatMap(untidy).map((line) => [random.uniform(), line] as const)
  const rows = shuffled.sort(([a], [b]) => a - b).map(([, line]) => line)
  await writeFile(file, `${[header, ...rows].join('\n')}\n`)
  const first = await deliver(dir, '2052-12-31')
  const { pairs, days, late, missing } = await compare(first)
  for (const rule of ['swapped_pressures', 'jump']) expect(pairs.map((pair): string => pair.rule)).toContain(rule)
  for (const rule of ['placeholder_day', 'outlying_day']) expect(days.map((day): string => day.rule)).toContain(rule)
  expect(late.patients).toBeGreaterThan(0)
  expect(missing.some((row) => row.missing < row.enrolled)).toBe(true)
  // said otherwise, and more; what the first said of the others still counts
  const later = rows.slice(0, 3000).map((line) => (chance(0.5) ? line.replace('2024-', '2052-') : line))
  await writeFile(file, `${[header, ...later].join('\n')}\n`)
  const second = await deliver(dir, '2053-01-31')
  await compare(second)
  await compare(first)
})

async function compare(order: Awaited<ReturnType<typeof importDataset>>): Promise<Profile> {
  const counted = await profileOf(store, order)
  const { spreads, pairs, days, late, missing } = await counts(order)
  expect(counted.spreads.map(({ digits: _digits, ...spread }) => spread)).toEqual(spreads)
  expect(counted.pairs).toEqual(pairs)
  expect(counted.days).toEqual(days)
  expect(counted.late).toEqual(late)
  expect(counted.missing).toEqual(missing)
  return counted
}
