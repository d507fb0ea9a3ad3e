/** Cases for every import format: a valid source with one or two corrupted files. */
import { array, constantFrom, nat, oneof, constant, record } from 'fast-check'
import type { Arbitrary } from 'fast-check'
import type { Case } from './import-source.ts'
import { corrupted, corruptions, GZIPPED } from './corruptions.ts'
import type { Corruption } from './corruptions.ts'
import type { Seed } from './seeds.ts'

/** What fast-check draws, and shows when something breaks. */
export interface Drawn {
  readonly seed: number
  readonly files: readonly { readonly file: number; readonly how: readonly Corruption[] }[]
  /** of the first file */
  readonly gzip: keyof typeof GZIPPED | ''
  readonly maxRejects: number
  /** the sound source came before */
  readonly after: boolean
  readonly pseudonyms: boolean
}

const seldom = <T>(common: T, ...rest: T[]): Arbitrary<T> =>
  oneof({ weight: 4, arbitrary: constant(common) }, { weight: 1, arbitrary: constantFrom(...rest) })

export const drawnCases: Arbitrary<Drawn> = record({
  seed: nat(10_000),
  files: array(record({ file: nat(100), how: corruptions }), { minLength: 1, maxLength: 2 }),
  gzip: seldom<Drawn['gzip']>('', ...(Object.keys(GZIPPED) as (keyof typeof GZIPPED)[])),
  maxRejects: constantFrom(1, 0.3, 0.05),
  after: seldom(false, true),
  pseudonyms: seldom(false, true),
})

export const seedOf = (seeds: readonly Seed[], { seed }: Drawn): Seed => seeds[seed % seeds.length] as Seed

export function caseOf(seeds: readonly Seed[], drawn: Drawn): Case {
  const seed = seedOf(seeds, drawn)
  const names = Object.keys(seed.files)
  const files: Record<string, Buffer> = { ...seed.files }
  drawn.files.forEach(({ file, how }, at) => {
    const name = names[file % names.length] as string
    const bytes = corrupted(seed.files[name] as Buffer, how)
    if (at > 0 || drawn.gzip === '') {
      if (name in files) files[name] = bytes
      return
    }
    delete files[name]
    files[`${name}.gz`] = GZIPPED[drawn.gzip](bytes)
  })
  return {
    format: seed.format,
    files,
    before: drawn.after ? seed.files : null,
    maxRejects: drawn.maxRejects,
    pseudonymKey: drawn.pseudonyms ? 'a key of the fuzzer' : undefined,
  }
}
