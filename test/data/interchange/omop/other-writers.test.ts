/** Shapes of OMOP that were met in files of others: data frames, databases, concatenated exports. The snippets are ours. */
import { afterAll, describe, expect, test } from 'vitest'
import { converted, removeSources, source, unaccounted } from '../fixture.ts'

afterAll(removeSources)

describe('OMOP', () => {
  const person = 'person_id,gender_concept_id,year_of_birth\n1,8507.0,1950.0\n'
  const header =
    'measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,unit_concept_id,measurement_source_value,unit_source_value\n'
  const diagnoses = (...codes: string[]) =>
    `condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_end_date,condition_source_value\n${codes
      .map((code, at) => `${at},1,0,2020-01-01,NULL,${code}\n`)
      .join('')}`

  test('marks for nothing, keys of a data frame, a header that comes again, and digits that a concept explains', async () => {
    const found = await converted(
      'omop',
      await source({
        'person.csv': person,
        'measurement.csv': `${header}1,1,3004249.0,2024-01-01,140.0,8876.0,NULL,\\N\n${header}2,1,0,2024-01-02,5.5,,40,mg/mmol\n3,1,3020891,2024-01-03,37,586323,40,C\n4,1,3004249,2024-01-04,NA,NULL,,\n`,
      }),
    )
    expect(found.rows.patients).toEqual(['1,1950,m,,,'])
    expect(found.rows.observations).toEqual(['1,sbp,2024-01-01,140.0,mmHg,', '1,acr,2024-01-02,5.5,mg/mmol,'])
    expect(found.fates.MEASUREMENT).toEqual({
      kept: 2,
      'code not mapped': 1,
      'a repeated header': 1,
      'without a value': 1,
    })
    expect(found.unmapped).toEqual([{ what: 'measure', system: 'OMOP', code: '3020891', display: '40', count: 1 }])
    expect(unaccounted(found)).toEqual([])
  })

  test('K74 is angina among codes of ICPC-1, cirrhosis among those of ICD-10', async () => {
    const among = async (...codes: string[]) => {
      const found = await converted(
        'omop',
        await source({ 'person.csv': person, 'condition_occurrence.csv': diagnoses(...codes) }),
      )
      return {
        conditions: found.rows.conditions,
        programmes: found.derived.map(({ programme }) => programme),
        notes: found.notes,
      }
    }
    const dutch = await among('K74', 'T90.02')
    expect(dutch).toEqual({
      conditions: ['1,ICPC-1,K74,2020-01-01,', '1,ICPC-1,T90.02,2020-01-01,'],
      programmes: ['dm2', 'hvz'],
      notes: {},
    })
    const other = await among('K74', 'K74.60', 'I50.1')
    expect(other.conditions).toEqual([
      '1,ICD-10,K74,2020-01-01,',
      '1,ICD-10,K74.60,2020-01-01,',
      '1,ICD-10,I50.1,2020-01-01,',
    ])
    expect(other.programmes).not.toContain('hvz')
    expect(other.notes).toEqual({
      'codes in the shape of both ICPC-1 and ICD-10, ICD-10 where no concept says which': 2,
    })
  })
})
