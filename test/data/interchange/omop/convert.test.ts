import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { importConverted } from '../../../../data/interchange/convert.ts'
import { columnsOf } from '../../../../data/interchange/omop/columns.ts'
import type { OmopTable } from '../../../../data/interchange/omop/columns.ts'
import { liveStore } from '../../../support/services/live.ts'
import { converted, removeSources, source, unaccounted } from '../fixture.ts'

const store = await liveStore()
afterAll(async () => {
  await store.close()
  await removeSources()
})

type Rows = readonly Readonly<Record<string, string | number>>[]

/** A table with every standard column, in order. */
const csv = (table: OmopTable, rows: Rows, delimiter = ',', header = true): string => {
  const columns = columnsOf(table)
  const lines = rows.map((row) => columns.map((column) => row[column] ?? '').join(delimiter))
  return `${[...(header ? [columns.join(delimiter)] : []), ...lines].join('\n')}\n`
}

const person = { person_id: 1, gender_concept_id: 8532, year_of_birth: 1950, location_id: 9, care_site_id: 7 }
const site = { care_site_id: 7, care_site_name: 'Huisartsen Zeven' }
const reading = (measurement_id: number, on: string, value: string | number, more: object = {}) => ({
  measurement_id,
  person_id: 1,
  measurement_concept_id: 3004410,
  measurement_date: on,
  value_as_number: value,
  unit_concept_id: 8554,
  measurement_source_value: '4548-4',
  visit_occurrence_id: 50,
  ...more,
})
const visit = (visit_occurrence_id: number, on: string, care_site_id: number) => ({
  visit_occurrence_id,
  person_id: 1,
  visit_start_date: on,
  care_site_id,
})
const diabetes = {
  condition_occurrence_id: 1,
  person_id: 1,
  condition_concept_id: 201826,
  condition_start_date: '2020-06-15',
  condition_source_value: 'T90.02',
}

const tables: Partial<Record<OmopTable, Rows>> = {
  PERSON: [person],
  CARE_SITE: [site],
  LOCATION: [{ location_id: 9, zip: '2312 AB' }],
  PAYER_PLAN_PERIOD: [
    { payer_plan_period_id: 1, person_id: 1, payer_plan_period_start_date: '2020-01-01', payer_source_value: '7095' },
  ],
  CONDITION_OCCURRENCE: [diabetes],
  VISIT_OCCURRENCE: [visit(50, '2020-05-05', 7)],
  OBSERVATION_PERIOD: [
    {
      observation_period_id: 1,
      person_id: 1,
      observation_period_start_date: '2020-01-01',
      observation_period_end_date: '2024-12-01',
    },
  ],
  MEASUREMENT: [reading(1, '2024-01-10', 7.2)],
  DRUG_EXPOSURE: [
    {
      drug_exposure_id: 1,
      person_id: 1,
      drug_exposure_start_date: '2024-01-01',
      drug_exposure_end_date: '2024-03-01',
      drug_source_value: 'A10BA02',
    },
  ],
}
const rows = {
  partners: ['7,Huisartsen Zeven,gp_practice,,'],
  patients: ['1,1950,f,2312,7095,'],
  enrolments: ['1,dm2,7,2020-06-15,2024-12-01,other,'],
  observations: ['1,hba1c,2024-01-10,7.2,%,7'],
  conditions: ['1,ICPC-1,T90.02,2020-06-15,'],
  medications: ['1,A10BA02,2024-01-01,2024-03-01'],
}

const filesOf = (
  write: (table: OmopTable, rows: Rows) => readonly [name: string, content: string | Buffer],
  more: Partial<Record<OmopTable, Rows>> = {},
) =>
  Object.fromEntries(
    Object.entries({ ...tables, ...more }).map(([table, each]) => write(table as OmopTable, each ?? [])),
  )
const plain = (table: OmopTable, each: Rows) => [`${table}.csv`, csv(table, each)] as const

describe('the same tables, however they are exported', () => {
  const cases = {
    'upper case': filesOf(plain),
    'lower case, gzipped': filesOf((table, each) => [`${table.toLowerCase()}.csv.gz`, gzipSync(csv(table, each))]),
    'upper-case headers, tabs': filesOf((table, each) => [
      `${table.toLowerCase()}.txt`,
      csv(table, each, '\t').replace(/^.*/, (header) => header.toUpperCase()),
    ]),
    'no header, tabs': filesOf((table, each) => [`${table}.tsv`, csv(table, each, '\t', false)]),
    'no header, commas': filesOf((table, each) => [`${table}.csv`, csv(table, each, ',', false)]),
    'datetimes in dates': filesOf((table, each) => [
      `${table}.csv`,
      csv(table, each).replaceAll(/\b(\d{4}-\d\d-\d\d)\b/g, '$1 0:00:00'),
    ]),
    'days without dashes': filesOf((table, each) => [
      `${table}.csv`,
      csv(table, each).replaceAll(/\b(\d{4})-(\d\d)-(\d\d)\b/g, '$1$2$3'),
    ]),
  }
  for (const [name, files] of Object.entries(cases))
    test(name, async () => {
      const found = await converted('omop', await source(files))
      expect(found.rows).toMatchObject(rows)
      expect(found.derived).toEqual([{ programme: 'dm2', derived: 1, withoutOrganisation: 0 }])
      expect(unaccounted(found)).toEqual([])
    })
})

const withTables = async (more: Partial<Record<OmopTable, Rows>>) =>
  converted('omop', await source(filesOf(plain, more)))

test('each measurement that gives no row says why', async () => {
  const found = await withTables({
    MEASUREMENT: [
      reading(1, '2024-01-10', '*'),
      reading(2, '2024-01-11', 0),
      reading(3, '2024-01-12', ''),
      reading(4, '', 7),
      reading(5, '2024-01-14', 7, { measurement_concept_id: 3036277, measurement_source_value: '8302-2' }),
      reading(6, '2024-01-15', 90, {
        measurement_concept_id: 3004249,
        measurement_source_value: '',
        unit_concept_id: 8876,
      }),
      reading(7, '2024-01-16', 55, {
        measurement_source_value: '59261-8',
        unit_concept_id: 0,
        measurement_concept_id: 0,
      }),
    ],
  })
  expect(found.rows.observations).toEqual(['1,sbp,2024-01-15,90,mmHg,7', '1,hba1c,2024-01-16,55,mmol/mol,7'])
  expect(found.fates.MEASUREMENT).toEqual({
    kept: 2,
    'a value of 0, which stands for missing': 1,
    'code not mapped': 1,
    suppressed: 1,
    'without a date': 1,
    'without a value': 1,
  })
  expect(found.unmapped).toEqual([{ what: 'measure', system: 'OMOP', code: '3036277', display: '8302-2', count: 1 }])
})

test('concepts tell what source values do not', async () => {
  const found = await withTables({
    CONCEPT: [
      { concept_id: 1, vocabulary_id: 'SNOMED', concept_code: '13645005', domain_id: 'Condition' },
      { concept_id: 2, vocabulary_id: 'LOINC', concept_code: '8480-6', domain_id: 'Measurement' },
      { concept_id: 3, vocabulary_id: 'UCUM', concept_code: 'mm[Hg]', domain_id: 'Unit' },
      { concept_id: 4, vocabulary_id: 'ATC', concept_code: 'C07AB02', domain_id: 'Drug' },
    ],
    CONDITION_OCCURRENCE: [{ ...diabetes, condition_concept_id: 1, condition_source_value: 'our own 17' }],
    MEASUREMENT: [
      reading(1, '2024-01-10', 140, { measurement_concept_id: 2, measurement_source_value: 'RR', unit_concept_id: 3 }),
    ],
    DRUG_EXPOSURE: [{ drug_exposure_id: 1, person_id: 1, drug_exposure_start_date: '2024-01-01', drug_concept_id: 4 }],
  })
  expect(found.rows.conditions).toEqual(['1,SNOMED,13645005,2020-06-15,'])
  expect(found.rows.observations).toEqual(['1,sbp,2024-01-10,140,mm[Hg],7'])
  expect(found.rows.medications).toEqual(['1,C07AB02,2024-01-01,'])
  expect(found.derived.map(({ programme }) => programme)).toEqual(['copd'])
})

test('where there are no care sites, providers stand for them, without their names', async () => {
  const found = await withTables({
    CARE_SITE: [],
    PERSON: [{ ...person, care_site_id: '' }],
    PROVIDER: [{ provider_id: 3, provider_name: 'Dr. A. Name', specialty_source_value: 'GENERAL PRACTICE' }],
    VISIT_OCCURRENCE: [{ ...visit(50, '2020-05-05', 0), provider_id: 3 }],
  })
  expect(found.rows.partners).toEqual(['provider-3,provider 3,gp_practice,,'])
  expect(found.rows.enrolments).toEqual(['1,dm2,provider-3,2020-06-15,2024-12-01,other,'])
})

test('costs become claims at the event that they are for', async () => {
  const cost = {
    cost_id: 1,
    cost_event_id: 50,
    cost_domain_id: 'Visit',
    currency_concept_id: 44818568,
    total_charge: '12.50',
  }
  const found = await withTables({
    COST: [cost, { ...cost, cost_id: 2, cost_event_id: 51 }, { ...cost, cost_id: 3, currency_concept_id: 44818668 }],
  })
  expect(found.rows.claims).toEqual(['1,1,7,2020-05-05,unknown,1,12.50,'])
  expect(found.fates.COST).toEqual({
    kept: 1,
    'for an event that is not there': 1,
    'in a currency that is not mapped to euros': 1,
  })
})

test('an enrolment that is told wins; the dead are enrolled until they died', async () => {
  const told = await withTables({
    EPISODE: [
      {
        episode_id: 1,
        person_id: 1,
        episode_start_date: '2021-01-01',
        episode_end_date: '2022-01-01',
        episode_source_value: 'dm2|7|gp|moved',
      },
    ],
  })
  expect(told.rows.enrolments).toEqual(['1,dm2,7,2021-01-01,2022-01-01,moved,gp'])
  const dead = await withTables({ DEATH: [{ person_id: 1, death_date: '2023-03-03' }] })
  expect(dead.rows.enrolments).toEqual(['1,dm2,7,2020-06-15,2023-03-03,died,'])
  expect(dead.rows.patients).toEqual(['1,1950,f,2312,7095,2023-03-03'])
})

describe('into the store', () => {
  test('an impossible value among good ones is rejected by its own file and line', async () => {
    const good = Array.from({ length: 40 }, (_, at) =>
      reading(at, `2023-01-${String((at % 28) + 1).padStart(2, '0')}`, 7 + at / 20),
    )
    const dir = await source(filesOf(plain, { MEASUREMENT: [...good, reading(99, '2024-01-01', 13682)] }))
    const rejectsPath = join(await source({}), 'rejects.csv')
    const result = await importConverted(store, 'omop', { dir, region: 'omop', rejectsPath })
    expect(result.files.find(({ file }) => file === 'observations.csv')).toMatchObject({
      rows: 41,
      accepted: 40,
      rejected: 1,
    })
    expect((await readFile(rejectsPath, 'utf8')).split('\n')[1]).toMatch(/^MEASUREMENT\.csv,42,value,13682,/)
  })

  test('a directory without PERSON, or a table that cannot be read, is refused', async () => {
    const order = { region: 'none', rejectsPath: join(await source({}), 'rejects.csv') }
    const without = await source({ 'MEASUREMENT.csv': csv('MEASUREMENT', []) })
    await expect(importConverted(store, 'omop', { ...order, dir: without })).rejects.toThrow(/has no PERSON.csv/)
    const narrow = await source(
      filesOf((table, each) => (table === 'MEASUREMENT' ? ['MEASUREMENT.csv', '1,2,3\n'] : plain(table, each))),
    )
    await expect(importConverted(store, 'omop', { ...order, dir: narrow })).rejects.toThrow(
      /no header, and 3 fields where MEASUREMENT has 23/,
    )
    expect((await store.pool.query(`select from region where name = 'none'`)).rowCount).toBe(0)
  })
})
