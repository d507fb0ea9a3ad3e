/** A region with a work list of more than 10,000 rows: imported, with a contract whose results are still to be measured. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { appendKey, newToken } from '../../data/access/keys.ts'
import { openStore, type Store } from '../../data/postgres/database.ts'
import { migrate } from '../../data/postgres/migrate.ts'
import { regionAsked } from '../../data/region/regions.ts'
import { winst } from '../api/region.ts'

const PATIENTS = 9_000

/** Generates and imports the region, unless the directory holds it already. */
export async function workRegionIn(place: string, say: (line: string) => void): Promise<void> {
  const marker = join(place, 'made')
  if (existsSync(marker)) return
  await rm(place, { recursive: true, force: true })
  await mkdir(place, { recursive: true })
  say(`makes a region of ${PATIENTS} patients in ${place}, once`)
  const region = join(place, 'region')
  await winst(place, ['generate', '--out', region, '--patients', String(PATIENTS), '--seed', '1'])
  await winst(place, ['import', '--data', region])
  await writeFile(marker, '')
}

/** @returns the store, which the caller closes, and the key of an analyst */
export async function openWorkRegion(place: string): Promise<{ readonly store: Store; readonly token: string }> {
  const store = await openStore({ home: join(place, 'home') })
  await migrate(store)
  const { regionId } = await regionAsked(store, undefined)
  const token = newToken()
  await appendKey(store, token, { role: 'analyst', subject: 'ann', regionId, issuedBy: 'bench', days: 1 })
  return { store, token }
}

/** Every partner under a contract of the year that is being measured: the region's own, a year later. */
export async function contractOfWork(place: string): Promise<string> {
  const signed = parse(await readFile(join(place, 'region/contract.yaml'), 'utf8')) as Readonly<Record<string, unknown>>
  const { control, partners, ...rest } = signed as {
    readonly control: readonly string[]
    readonly partners: readonly string[]
  }
  return stringify({
    ...rest,
    contract: 'synthetic-dm2-2026',
    partners: [...partners, ...control],
    trend: 'none',
    period: { start: '2026-01-01', end: '2026-12-31' },
    reference: { start: '2021-01-01', end: '2025-12-31' },
  })
}
