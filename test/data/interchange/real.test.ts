/** Files that others wrote: what comes of each kind of resource, and nothing unaccounted for. They are not ours to ship; where they lie (WINST_REAL_DATA, or
 *  ../shared/data beside the checkout) they are read, elsewhere this says that it was left out. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { converted, removeSources, unaccounted } from './fixture.ts'

const place = process.env.WINST_REAL_DATA ?? join('..', 'shared', 'data')
const isThere = existsSync(join(place, 'fhir_synthea_r4'))
if (!isThere) process.stderr.write(`Left out: no files of others in ${place} (WINST_REAL_DATA names another place).\n`)
afterAll(removeSources)

/** Resources by kind, counted without any of our readers. */
async function recounted(dir: string, kindsIn: (text: string) => readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const name of (await readdir(dir, { recursive: true })).filter((each) => /\.(json|xml)$/.test(each)))
    for (const kind of kindsIn(await readFile(join(dir, name), 'utf8'))) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

const bundled = (text: string): string[] =>
  (JSON.parse(text) as { entry: { resource: { resourceType: string } }[] }).entry.map(
    ({ resource }) => resource.resourceType,
  )
const root = (text: string): string[] => [/<([A-Z]\w+)[\s>]/.exec(text.replace(/<!--[\s\S]*?-->/g, ''))![1]!]

const kept = (fates: Readonly<Record<string, Readonly<Record<string, number>>>>): Record<string, number> =>
  Object.fromEntries(Object.entries(fates).flatMap(([kind, { kept: count }]) => (count ? [[kind, count]] : [])))

test.runIf(isThere)(
  'ten patients of Synthea as transaction bundles, with their hospitals and practitioners',
  async () => {
    const dir = join(place, 'fhir_synthea_r4')
    const result = await converted('fhir', dir)
    expect(unaccounted(result)).toEqual([])
    expect(Object.fromEntries(result.read.map(({ of, read }) => [of, read]))).toEqual(await recounted(dir, bundled))
    expect(kept(result.fates)).toEqual({
      CarePlan: 1,
      Condition: 55,
      MedicationRequest: 9,
      Observation: 363,
      Organization: 102,
      Patient: 10,
    })
    // amounts in dollars have no rate here, and are not guessed
    expect(result.fates.Claim).toEqual({ 'in a currency that is not mapped to euros': 189 })
    expect(result.rows.observations!.length).toBeGreaterThan(363)
  },
)

test.runIf(isThere)('examples of nl-core in XML', async () => {
  const dir = join(place, 'fhir_nl_core')
  const result = await converted('fhir', dir)
  expect(unaccounted(result)).toEqual([])
  expect(Object.fromEntries(result.read.map(({ of, read }) => [of, read]))).toEqual(await recounted(dir, root))
  expect(kept(result.fates)).toEqual({ Condition: 11, Coverage: 1, Observation: 2, Organization: 7, Patient: 8 })
  expect(result.fates.Patient).toEqual({ kept: 8 })
})

test.runIf(isThere)('OMOP CDM 5.4 of OHDSI: 28 persons and 10,040 measurements', async () => {
  const result = await converted('omop', join(place, 'omop_synthea27nj'))
  expect(unaccounted(result)).toEqual([])
  expect(kept(result.fates)).toEqual({
    CONDITION_OCCURRENCE: 470,
    DEATH: 3,
    DRUG_EXPOSURE: 662,
    MEASUREMENT: 2779,
    PERSON: 28,
  })
  expect(result.read.find(({ of }) => of === 'MEASUREMENT')!.read).toBe(10_040)
})
