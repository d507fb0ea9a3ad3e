/** A region that is settled in seconds and pays something: few patients, one measure, no credibility to estimate. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { generateRegion } from '../../../data/synthetic/generate.ts'

export interface SmallRegion {
  readonly dir: string
  /** path of the contract, in the same directory */
  readonly contract: string
}

export async function smallRegion(dir: string): Promise<SmallRegion> {
  await generateRegion({ out: dir, patients: 150, seed: 5 })
  const contract = join(dir, 'contract.yaml')
  const document = parse(await readFile(contract, 'utf8')) as { readonly outcomes: readonly object[] }
  const plain = { min_patients: 5, credibility: 'none', dead_band: { eur: 0, z: 0 } }
  await writeFile(contract, stringify({ ...document, ...plain, outcomes: document.outcomes.slice(0, 1) }))
  return { dir, contract }
}
