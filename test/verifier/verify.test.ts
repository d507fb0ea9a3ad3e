import * as fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeBundleFile } from '../../data/files/bundle-file.ts'
import { verdictText, verifyBundle } from '../../verifier/verify.ts'
import { settlementOf } from '../../engine/settlement/settlement.ts'
import {
  bundleParts,
  simulatedSettlement,
  type SimulatedSettlement,
} from '../support/settlements/simulated-settlement.ts'

// `npm run test:verify` asks for all of them
const settlements = Number(process.env.VERIFY_SETTLEMENTS ?? 20)

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winst-verify-'))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

const bundled = async (parts: ReadonlyMap<string, string>, name = 'bundle.gz') => {
  const path = join(folder, name)
  await writeBundleFile(path, bundleParts(parts))
  return path
}

describe('what the engine settles', () => {
  test('the verifier reaches too, to the cent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), async (seed) => {
        const { settlement, parts } = simulatedSettlement(seed)
        const verdict = await verifyBundle(await bundled(parts))
        expect(verdict.findings).toEqual([])
        expect(verdict).toMatchObject({
          agrees: true,
          settlementId: settlement.settlement_id,
          paymentCents: settlement.totals.payment_cents,
        })
        expect(verdict.numbers.identical / verdict.numbers.numbers).toBeGreaterThan(0.6)
      }),
      { numRuns: settlements },
    )
  })

  test('simulated settlements pay, take back, split over insurers and correct: none of it is left unseen', () => {
    const all = Array.from({ length: 40 }, (_, seed) => simulatedSettlement(seed))
    const partners = all.flatMap(({ settlement }) => settlement.partners)
    expect(partners.some(({ payment_cents }) => payment_cents > 0)).toBe(true)
    expect(partners.some(({ payment_cents }) => payment_cents < 0)).toBe(true)
    expect(partners.some(({ insurers }) => insurers.length > 1)).toBe(true)
    expect(partners.some(({ attribution }) => attribution.some(({ cents }) => cents !== 0))).toBe(true)
    expect(partners.some(({ gates }) => gates.some(({ passed }) => !passed))).toBe(true)
    expect(new Set(partners.map(({ reason }) => reason)).size).toBeGreaterThan(4)
    expect(all.some(({ settlement }) => settlement.outcomes.some(({ omega2 }) => omega2 > 0))).toBe(true)
    expect(all.some(({ parts }) => parts.get('reversed.csv')!.split('\n').length > 3)).toBe(true)
  })

  test('and what version 2 brought comes up in them too', () => {
    const all = Array.from({ length: 60 }, (_, seed) => simulatedSettlement(seed))
    const failed = new Set(
      all.flatMap(({ settlement }) =>
        settlement.partners.flatMap(({ gates }) => gates.filter(({ passed }) => !passed).map(({ gate }) => gate)),
      ),
    )
    expect([...failed]).toEqual(expect.arrayContaining(['max_excess_deaths', 'max_late_share', 'max_excess_missing']))
    const outcomes = all.flatMap(({ settlement }) => settlement.outcomes)
    expect(outcomes.some(({ kappa2 }) => (kappa2 ?? 0) > 0)).toBe(true)
    const contracts = all.map(({ input }) => input.contract)
    expect(contracts.some(({ excessMissing }) => excessMissing === 'deduct')).toBe(true)
    expect(contracts.some(({ term, period }) => term && term.start < period.start)).toBe(true)
    expect(contracts.some(({ index }) => index === 'enrolment')).toBe(true)
    const repeated = (of: SimulatedSettlement): boolean => {
      const { patient } = of.input.contractYear
      return new Set(patient).size < patient.length
    }
    expect(all.some((each) => each.input.contract.term && repeated(each))).toBe(true)
    expect(all.some((each) => each.input.contract.index && repeated(each))).toBe(true)
  })

  test('a deduction for excess missing moves what somebody is worth', () => {
    const moved = Array.from({ length: 60 }, (_, seed) => simulatedSettlement(seed)).filter(({ input, settlement }) => {
      if (input.contract.excessMissing !== 'deduct') return false
      const { excessMissing: _, ...clauses } = input.contract
      const without = settlementOf({ ...input, contract: clauses })
      return settlement.partners.some(
        (partner, p) => partner.value_eur_per_patient_year < without.partners[p]!.value_eur_per_patient_year,
      )
    })
    expect(moved.length).toBeGreaterThan(0)
  })
})

describe('a bundle', () => {
  test('has the same bytes each time it is written', async () => {
    const { parts } = simulatedSettlement(3)
    const [one, other] = [await bundled(parts, 'one.gz'), await bundled(parts, 'other.gz')]
    expect((await readFile(one)).equals(await readFile(other))).toBe(true)
  })

  test('that ends early, or has more behind it, or is no bundle, does not agree', async () => {
    const whole = await readFile(await bundled(simulatedSettlement(3).parts))
    const path = join(folder, 'odd.gz')
    for (const bytes of [
      whole.subarray(0, whole.length >> 1),
      whole.subarray(0, -1),
      Buffer.concat([whole, Buffer.from('x')]),
      Buffer.concat([whole, whole]),
      Buffer.from('not a bundle'),
      Buffer.alloc(0),
    ]) {
      await writeFile(path, bytes)
      const { agrees, findings } = await verifyBundle(path)
      expect(agrees).toBe(false)
      expect(findings.length).toBeGreaterThan(0)
    }
  })

  test('without one of its parts does not agree, and the part is named', async () => {
    const { parts } = simulatedSettlement(3)
    for (const name of parts.keys()) {
      const fewer = new Map([...parts].filter(([each]) => each !== name))
      const verdict = await verifyBundle(await bundled(fewer))
      expect(verdictText(verdict)).toContain(name)
      expect(verdict.agrees).toBe(false)
    }
  })
})

describe('the verifier', () => {
  const sources = readdirSync(join(import.meta.dirname, '../../verifier'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({
      name,
      text: readFileSync(join(import.meta.dirname, '../../verifier', name), 'utf8'),
    }))

  test('shares no code with what it checks, and needs no package', () => {
    const imported = sources.flatMap(({ name, text }) =>
      [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+|\brequire\s*\(\s*)['"]([^'"]+)['"]/gm)].map(
        (match) => ({
          name,
          target: match[1]!,
        }),
      ),
    )
    expect(imported.length).toBeGreaterThan(20)
    expect(
      imported.filter(
        ({ target }) =>
          !/^(node:\w+|node:fs\/promises|\.{1,2}\/(?:method\/|bundle\/)?(?:version-[12]\/)?[\w-]+\.ts)$/.test(target),
      ),
    ).toEqual([])
  })

  test('has no network, clock or dice, and nothing that Node.js cannot strip the types of', () => {
    const barred =
      /node:(net|http|https|http2|dgram|dns|tls|child_process|worker_threads)|\bfetch\(|Math\.random|Date\.now|\benum\b|\bnamespace\b|constructor\([^)]*\b(private|readonly|public)\b/
    expect(sources.filter(({ text }) => barred.test(text)).map(({ name }) => name)).toEqual([])
  })
})
