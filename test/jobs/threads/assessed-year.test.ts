import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { contributionsOf, measuredAmongControlsOf } from '../../../engine/assessment/contribution.ts'
import { factsOf, INTERIM_FACTS, KNOWN_FACTS, LATER_FACTS } from '../../../engine/assessment/patient-facts.ts'
import { randomOf } from '../../../engine/kernel/random.ts'
import { contribute } from '../../../jobs/threads/assessed-year.ts'
import { yearOfShard } from '../../../jobs/threads/year-of-shard.ts'
import { contractOn } from '../../support/regions/region-run.ts'

const width = KNOWN_FACTS.length + INTERIM_FACTS.length + LATER_FACTS.length
const contract = contractOn('c', 'hba1c')

/** A patient's row follows from its number alone, wherever it is dealt. */
function shardOf(numbers: readonly number[]) {
  const ids = numbers.map((number) => `pt${number}`)
  const rows = [...numbers.keys()].sort((a, b) => (ids[a]! < ids[b]! ? -1 : 1))
  const sorted = rows.map((row) => numbers[row]!)
  const ints = (of: (number: number) => number) => Int32Array.from(sorted, of)
  const status = Uint8Array.from(sorted, (number) => (number % 5 === 0 ? 1 : number % 7 === 0 ? 4 : 0))
  const gain = Float64Array.from(sorted, (number, row) => (status[row] === 0 ? randomOf(number).normal() : NaN))
  const facts = Float64Array.from(sorted.flatMap((number) => Array.from({ length: width }, (_, k) => randomOf(number, k).normal()))) // prettier-ignore
  const patient = Int32Array.from(sorted.keys())
  const admissions = { patient, partner: ints((n) => n % 3), practice: ints((n) => n % 4), indexOn: ints((n) => 5 * n), yearsElapsed: new Uint8Array(sorted.length), exposureDays: ints((n) => n) } // prettier-ignore
  const none = new Float64Array(sorted.length)
  const block = { measure: 'hba1c', yearsBefore: 0, admissions, status, gain, facts, baseline: none, realised: none, realisedOn: patient, realisedValue: none } // prettier-ignore
  const panel = { patientIds: sorted.map((number) => `pt${number}`), insurer: ints((n) => n % 2) }
  return {
    bytes: yearOfShard(
      [block],
      panel,
      ints((n) => 1000 + n),
    ),
    block,
    panel,
  }
}

test('a year is the same however its patients are dealt over shards', () =>
  fc.assert(
    fc.property(fc.array(fc.nat(6), { minLength: 120, maxLength: 120 }), (dealt) => {
      const numbers = dealt.map((_, number) => number)
      const shards = Array.from({ length: 7 }, (_, shard) => numbers.filter((number) => dealt[number] === shard))
      const task = { contract, controlPartners: [2] }
      const year = contribute({ ...task, shards: shards.map((members) => shardOf(members).bytes) })
      const whole = shardOf(numbers)
      const { status, gain, facts, admissions } = whole.block
      const { known, interim } = factsOf(numbers.length, facts)
      expect(year).toEqual({
        patientKey: Int32Array.from(whole.panel.patientIds, (id) => 1000 + Number(id.slice(2))),
        partner: admissions.partner,
        practice: admissions.practice,
        insurer: whole.panel.insurer,
        indexOn: admissions.indexOn,
        exposureDays: admissions.exposureDays,
        mortality: null,
        outcomes: [
          {
            measure: 'hba1c',
            status,
            gain,
            contributions: contributionsOf(status, gain, known, interim, contract.missing),
            measuredAmongControls: measuredAmongControlsOf(status, known, admissions.partner, Uint8Array.of(0, 0, 1)),
          },
        ],
      })
    }),
    { numRuns: 20 },
  ))

test('a year that nobody was there for has no rows', () => {
  const year = contribute({ contract, controlPartners: null, shards: [shardOf([]).bytes, shardOf([]).bytes] })
  expect(year.partner.length).toBe(0)
  expect(year.outcomes.map(({ status, measuredAmongControls }) => [status.length, measuredAmongControls])).toEqual([[0, null]]) // prettier-ignore
})
