/** A year with one patient's rows replaced, against a year that had that patient's rows to begin with. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AssessedYear } from '../../../data/runs/assessed-years.ts'
import type { Facts } from '../../../engine/assessment/facts.ts'
import { INTERIM_FACTS, KNOWN_FACTS, LATER_FACTS } from '../../../engine/assessment/patient-facts.ts'
import { randomOf } from '../../../engine/kernel/random.ts'
import { yearWithPatient } from '../../../jobs/assessment/patient-substitution.ts'
import { mergedYear } from '../../../jobs/threads/merged-year.ts'
import { packedYear } from '../../../jobs/threads/year-of-shard.ts'

const width = KNOWN_FACTS.length + INTERIM_FACTS.length + LATER_FACTS.length

/** Patients by number, each in one of two versions; every cell follows from number and version. */
function yearOf(patients: readonly (readonly [number: number, version: number])[]): AssessedYear {
  const idOf = (number: number) => `pt${number}`
  const sorted = [...patients].sort(([a], [b]) => (idOf(a) < idOf(b) ? -1 : 1))
  const ints = (kind: number) =>
    Int32Array.from(sorted, ([number, version]) => randomOf(number, version, kind).below(9))
  const floats = (kind: number) => sorted.map(([number, version]) => randomOf(number, version, kind).normal())
  const facts = Array.from({ length: width }, (_, fact) => floats(20 + fact))
  return {
    yearsBefore: 0,
    patientIds: sorted.map(([number]) => idOf(number)),
    patientKey: new Int32Array(sorted.length),
    partner: ints(1),
    practice: ints(2),
    insurer: ints(3),
    indexOn: ints(7),
    exposureDays: ints(4),
    outcomes: [
      {
        measure: 'hba1c',
        status: Uint8Array.from(ints(5)),
        gain: Float64Array.from(sorted, ([number, version]) =>
          number % 4 === 0 ? NaN : randomOf(number, version, 6).normal(),
        ),
        facts: Float64Array.from(sorted.flatMap((_, row) => facts.map((column) => column[row]!))),
      },
    ],
  }
}

/** Merged, and every fact a double: in how few bytes a column of facts lies is not what is compared. */
function merged(shards: readonly Uint8Array[]) {
  const { outcomes, ...columns } = mergedYear(shards)
  const doubles = ({ columns: facts }: Facts) => facts.map((column) => Float64Array.from(column))
  return {
    ...columns,
    outcomes: outcomes.map(({ known, interim, diedAfter, ...outcome }) => ({
      ...outcome,
      facts: [known, interim].map(doubles),
      diedAfter: Float64Array.from(diedAfter),
    })),
  }
}

const numbers = fc.uniqueArray(fc.nat(60), { maxLength: 30 })

test('the others as stored, the patient as realised; gone, new, or changed', () =>
  fc.assert(
    fc.property(numbers, numbers, fc.nat(60), fc.boolean(), fc.boolean(), (some, shard, patient, wasThere, isThere) => {
      const others = some.filter((number) => number !== patient).map((number) => [number, 0] as const)
      const neighbours = shard.filter((number) => number !== patient).map((number) => [number, 1] as const)
      const packed = (patients: Parameters<typeof yearOf>[0]) => packedYear(yearOf(patients))
      const stored = yearOf(wasThere ? [...others, [patient, 0]] : others)
      const realised = packed(isThere ? [...neighbours, [patient, 1]] : neighbours)
      const wanted = merged([packed(isThere ? [...others, [patient, 1]] : others)])
      expect(merged(yearWithPatient(`pt${patient}`, stored, realised))).toEqual(wanted)
    }),
  ))

test('a year in which nobody was assessed has the patient alone', () => {
  const shards = yearWithPatient('pt2', null, packedYear(yearOf([1, 2, 3].map((number) => [number, 1] as const))))
  expect(mergedYear(shards).partner).toEqual(yearOf([[2, 1]]).partner)
})
