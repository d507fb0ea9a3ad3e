/** Shapes of FHIR that were met in files of others: servers, specifications, tools. The snippets are ours. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { importConverted } from '../../../../data/interchange/convert.ts'
import { liveStore } from '../../../support/services/live.ts'
import { converted, removeSources, source, unaccounted } from '../fixture.ts'

const store = await liveStore()
afterAll(async () => {
  await store.close()
  await removeSources()
})

const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] })
const to = (reference: string) => ({ reference })
const ann = { resourceType: 'Patient', id: 'ann', gender: 'female', birthDate: '1950-03-01' }
const weight = (id: string, kg: number, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: loinc('29463-7'),
  subject: to('Patient/ann'),
  effectiveDateTime: '2024-01-10',
  valueQuantity: { value: kg, unit: 'kg' },
  ...more,
})
const read = async (entry: readonly object[], type = 'collection') => {
  const found = await converted(
    'fhir',
    await source({ 'a.json': JSON.stringify({ resourceType: 'Bundle', type, entry }) }),
  )
  expect(unaccounted(found)).toEqual([])
  return found
}
const resources = (...all: object[]) => read(all.map((resource) => ({ resource })))

describe('FHIR', () => {
  test('a Group that is called as a patient is does not lend its readings to the patient', async () => {
    const { rows, fates } = await resources(
      ann,
      { resourceType: 'Group', id: 'ann', type: 'animal', actual: true },
      weight('herd', 540, { subject: to('Group/ann') }),
      weight('whose', 90, { subject: to('#p'), contained: [{ ...ann, id: 'p' }] }),
      {
        resourceType: 'Condition',
        subject: to('Group/ann'),
        code: { coding: [{ system: 'ICPC-1', code: 'T90.02' }] },
        onsetDateTime: '2020-01-01',
      },
      {
        resourceType: 'QuestionnaireResponse',
        status: 'completed',
        source: to('Practitioner/ann'),
        authored: '2024-01-01',
        item: [{ linkId: 'ccq', answer: [{ valueDecimal: 1 }] }],
      },
      weight('hers', 70),
    )
    expect(rows.observations).toEqual(['ann,weight,2024-01-10,70,kg,'])
    expect(rows.conditions).toEqual([])
    expect(fates.Observation).toEqual({
      kept: 1,
      'of a patient that only it contains': 1,
      'of something other than a patient': 1,
    })
    expect(fates.Condition).toEqual({ 'of something other than a patient': 1 })
    expect(fates.QuestionnaireResponse).toEqual({ 'of something other than a patient': 1 })
  })

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'a kind, a code, a currency or an element called %s is one that is not known',
    async (name) => {
      const coding = {
        coding: [
          { system: 'http://www.whocc.no/atc', code: name },
          { system: name, code: name },
        ],
      }
      const { rows, fates } = await resources(
        ann,
        { resourceType: name, id: 'odd' },
        weight('odd', 80, { code: { coding: [{ system: name, code: name }] } }),
        { resourceType: 'Condition', subject: to('Patient/ann'), code: coding, onsetDateTime: '2020-01-01' },
        { resourceType: 'Organization', id: 'o', name, type: [{ coding: [{ system: name, code: name }] }] },
        {
          resourceType: 'Claim',
          status: 'active',
          patient: to('Patient/ann'),
          provider: to('Organization/o'),
          item: [{ productOrService: coding, servicedDate: '2024-01-01', net: { value: 10, currency: name } }],
        },
        weight('hers', 70),
      )
      expect(rows.observations).toEqual(['ann,weight,2024-01-10,70,kg,'])
      expect(fates).toMatchObject({ [name]: { 'no table for it': 1 } })
      const xml = `<Patient xmlns="http://hl7.org/fhir"><id value="bob"/><${name} value="1"><a value="2"/></${name}><gender value="male"/><birthDate value="1950"/></Patient>`
      const read = await converted('fhir', await source({ 'b.xml': xml }))
      expect(read.rows.patients).toEqual([expect.stringMatching(/^bob,1950,m,/)])
    },
  )

  test('of the versions in a history the newest holds, and what was deleted does not', async () => {
    const version = (resource: { resourceType: string; id: string; gender?: string }, number: number) => ({
      fullUrl: `http://x/fhir/${resource.resourceType}/${resource.id}`,
      resource: { ...resource, meta: { versionId: String(number), lastUpdated: `2024-05-0${number}T10:00:00Z` } },
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
      response: { status: '200' },
    })
    const gone = { request: { method: 'DELETE', url: 'Observation/o2/_history/3' }, response: { status: '204' } }
    const history = [
      version(ann, 2),
      version({ ...ann, gender: 'male' }, 1),
      version(weight('o1', 71), 2),
      version(weight('o1', 710), 1),
      gone,
      version(weight('o2', 99), 2),
    ]
    const { rows, fates } = await read(history, 'history')
    expect(rows.patients).toEqual(['ann,1950,f,,,'])
    expect(rows.observations).toEqual(['ann,weight,2024-01-10,71,kg,'])
    expect(fates.Observation).toEqual({ kept: 1, 'an older version': 2 })
    await expect(read(history.toReversed(), 'history')).rejects.toThrow(
      /line 1: a history tells an older version of this Observation before a newer one/,
    )
  })

  test('a numbered item of a questionnaire is no code of the NHG, and is listed as the questionnaire has it', async () => {
    const answers = (item: object, more: object = {}) => ({
      resourceType: 'QuestionnaireResponse',
      questionnaire: 'http://x/Questionnaire/lifestyle',
      status: 'completed',
      subject: to('Patient/ann'),
      authored: '2024-05-01',
      item: [item],
      ...more,
    })
    const { rows, fates, unmapped } = await resources(
      ann,
      answers({ linkId: '40', text: 'Glasses a week', answer: [{ valueInteger: 12 }] }),
      answers({ linkId: 'nhg/1744', answer: [{ valueInteger: 140 }] }),
      answers({ linkId: 'ccq', answer: [{ valueDecimal: 2 }] }, { status: 'in-progress' }),
    )
    expect(rows.observations).toEqual(['ann,sbp,2024-05-01,140,,'])
    expect(fates.QuestionnaireResponse).toEqual({ kept: 1, 'code not mapped': 1, 'status in-progress': 1 })
    expect(unmapped).toEqual([
      { what: 'measure', system: 'http://x/Questionnaire/lifestyle', code: '40', display: 'Glasses a week', count: 1 },
    ])
  })

  test('systems in other spellings and of other countries; a referred medicine without a mapping by its code', async () => {
    const use = {
      resourceType: 'MedicationStatement',
      status: 'active',
      subject: to('Patient/ann'),
      effectivePeriod: { start: '2024-01-01' },
    }
    const diagnosis = (system: string, code: string) => ({
      resourceType: 'Condition',
      subject: to('Patient/ann'),
      code: { coding: [{ system, code }] },
      recordedDate: '2020-01-01',
    })
    const { rows, unmapped } = await resources(
      ann,
      weight('o1', 70, { code: { coding: [{ system: 'https://loinc.org/', code: '29463-7' }] } }),
      weight('o2', 70, {
        effectiveDateTime: '2024-02-01',
        code: { coding: [{ system: '2.16.840.1.113883.6.1', code: '29463-7' }] },
      }),
      diagnosis('http://fhir.de/CodeSystem/bfarm/icd-10-gm', 'E11.90'),
      {
        resourceType: 'Medication',
        id: 'm1',
        code: { coding: [{ system: 'http://fhir.de/CodeSystem/bfarm/atc', code: 'A10BA02' }] },
      },
      {
        resourceType: 'Medication',
        id: 'm2',
        code: { coding: [{ system: 'urn:prk', code: '1', display: 'Een middel' }] },
      },
      { ...use, medicationReference: to('Medication/m1') },
      { ...use, medicationReference: to('Medication/m2') },
      { ...use, medicationReference: to('Medication/m3') },
    )
    expect(rows.observations).toHaveLength(2)
    expect(rows.conditions).toEqual(['ann,ICD-10,E11.90,2020-01-01,'])
    expect(rows.medications).toEqual(['ann,A10BA02,2024-01-01,'])
    expect(unmapped.map(({ system, code, display }) => [system, code, display])).toEqual([
      ['', '', 'a Medication that the source does not hold'],
      ['urn:prk', '1', 'Een middel'],
    ])
  })

  test('a citizen number is no id, however its system is spelled and whoever gave it', async () => {
    const type = (code: string) => ({ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code }] })
    const { rows, fates } = await resources(
      {
        ...ann,
        id: undefined,
        identifier: [
          { system: 'https://fhir.nl/fhir/NamingSystem/bsn/', value: '999990019' },
          { system: 'urn:own', value: 'P-7' },
        ],
      },
      { ...ann, id: undefined, identifier: [{ type: type('NNNLD'), value: '999990020' }] },
      { ...ann, id: undefined, identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9000000009' }] },
      weight('o1', 70, { subject: to('Patient?identifier=999990019') }),
      weight('o2', 70, { subject: to('Patient?identifier=999990032') }),
    )
    expect(rows.patients).toEqual(['P-7,1950,f,,,'])
    expect(fates.Patient).toEqual({ kept: 1, 'without an id other than a citizen number': 2 })
    expect(rows.observations).toEqual([
      'P-7,weight,2024-01-10,70,kg,',
      'named by citizen number only,weight,2024-01-10,70,kg,',
    ])
  })

  test('numbers of institutions that cannot be theirs are left out, and cost nobody a row', async () => {
    const { rows, fates, notes } = await resources(
      {
        resourceType: 'Organization',
        id: 'umc',
        name: 'Ziekenhuis',
        identifier: [{ system: 'urn:oid:2.16.840.1.113883.2.4.6.1', value: '17-0112278' }],
      },
      {
        resourceType: 'Organization',
        id: 'gp',
        name: 'Huisartsen',
        identifier: [{ system: 'AGB', value: '01-234567' }],
      },
      ann,
      {
        resourceType: 'Coverage',
        status: 'active',
        beneficiary: to('Patient/ann'),
        payor: [{ identifier: { system: 'http://fhir.nl/fhir/NamingSystem/uzovi', value: '70955' } }],
      },
    )
    expect(rows.partners).toEqual(['umc,Ziekenhuis,hospital,,', 'gp,Huisartsen,gp_practice,01234567,'])
    expect(rows.patients).toEqual(['ann,1950,f,,,'])
    expect(fates.Coverage).toEqual({ 'without an insurer number': 1 })
    expect(notes).toMatchObject({ 'AGB codes that are not of eight digits, left out': 1 })
  })

  test('units as laboratories print them', async () => {
    const told = (at: number, code: string, unit: string) =>
      weight(`o${at}`, 7, { code: loinc(code), valueQuantity: { value: 7, unit }, effectiveDateTime: `2024-01-0${at}` })
    const { rows } = await resources(
      ann,
      told(1, '4548-4', '%{HbA1c}'),
      told(2, '8480-6', 'mmhg'),
      told(3, '29463-7', 'lbs'),
      told(4, '33914-3', 'mL/min/1.73 m²'),
      told(5, '9318-7', 'mcg/mg creat'),
    )
    expect(rows.observations!.map((row) => row.split(',').slice(3, 5))).toEqual([
      ['7', '%'],
      ['7', 'mmHg'],
      [String(7 * 0.45359237), 'kg'],
      ['7', 'mL/min/1.73m2'],
      ['7', 'mg/g'],
    ])
  })

  test('where nothing is kept, what became of the source is told all the same', async () => {
    const dir = await source({
      'a.ndjson': [ann, weight('o1', 1, { code: loinc('8302-2') })].map((each) => JSON.stringify(each)).join('\n'),
    })
    const refused = importConverted(store, 'fhir', { dir, region: 'told', rejectsPath: join(dir, 'rejects.csv') })
    await expect(refused).rejects.toMatchObject({
      code: 'no_delivery_date',
      facts: {
        conversion: {
          unmapped: [{ what: 'measure', system: 'http://loinc.org', code: '8302-2', display: '', count: 1 }],
        },
      },
    })
  })

  test('an enrolment that was derived is marked, by the diagnosis it begins with', async () => {
    const all = [
      ann,
      { resourceType: 'Organization', id: 'p1', name: 'Huisartsen' },
      {
        resourceType: 'Condition',
        id: 'd1',
        subject: to('Patient/ann'),
        code: { coding: [{ system: 'ICPC-1', code: 'T90.02' }] },
        onsetDateTime: '2020-06-15',
      },
      weight('o1', 70, { performer: [to('Organization/p1')] }),
      {
        resourceType: 'Encounter',
        status: 'finished',
        subject: to('Patient/ann'),
        serviceProvider: to('Organization/p1'),
        period: { start: '2020-06-15' },
      },
    ]
    const dir = await source({ 'a.ndjson': all.map((each) => JSON.stringify(each)).join('\n') })
    const out = await source({ 'derived.csv': 'of an earlier import' })
    const order = { dir, region: 'derived', rejectsPath: join(out, 'rejects.csv') }
    await importConverted(store, 'fhir', order)
    expect(await readFile(join(out, 'derived.csv'), 'utf8')).toBe(
      'file,line,resource,programme,partner_id,started_on,ended_on\na.ndjson,3,Condition/d1,dm2,p1,2020-06-15,2024-01-10\n',
    )
  })

  test('a medication agreement of nl-core holds as long as its extension says', async () => {
    const { rows } = await resources(ann, {
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      subject: to('Patient/ann'),
      authoredOn: '2022-03-25T09:00:00+02:00',
      medicationCodeableConcept: { coding: [{ system: 'ATC', code: 'C09AA03' }] },
      extension: [
        {
          url: 'http://nictiz.nl/fhir/StructureDefinition/ext-TimeInterval.Period',
          valuePeriod: { start: '2022-04-01', end: '2022-04-10' },
        },
      ],
    })
    expect(rows.medications).toEqual(['ann,C09AA03,2022-04-01,2022-04-10'])
  })

  test('a narrative under a prefix of its own is no part of the resource', async () => {
    const text =
      '<Patient xmlns="http://hl7.org/fhir" xmlns:h="http://www.w3.org/1999/xhtml"><id value="ann"/><text><h:div><h:p><Patient/><birthDate value="1900"/></h:p></h:div></text><birthDate value="1950"/></Patient>'
    const { rows, fates } = await converted('fhir', await source({ 'a.xml': text }))
    expect(rows.patients).toEqual(['ann,1950,x,,,'])
    expect(fates).toEqual({ Patient: { kept: 1 } })
  })

  test('what STU3 and R5 call otherwise', async () => {
    const { rows, fates } = await resources(
      ann,
      { resourceType: 'Organization', id: 'p1', name: 'Huisartsen' },
      { resourceType: 'PractitionerRole', practitioner: to('Practitioner/d'), organization: to('Organization/p1') },
      {
        resourceType: 'Encounter',
        id: 'e1',
        status: 'completed',
        subject: to('Patient/ann'),
        participant: [{ actor: to('Practitioner/d') }],
      },
      weight('o1', 70, { context: to('Encounter/e1') }),
      {
        resourceType: 'MedicationStatement',
        status: 'completed',
        taken: 'n',
        subject: to('Patient/ann'),
        medicationCodeableConcept: { coding: [{ system: 'ATC', code: 'A10BA02' }] },
        effectivePeriod: { start: '2024-01-01' },
      },
    )
    expect(rows.observations).toEqual(['ann,weight,2024-01-10,70,kg,p1'])
    expect(fates.MedicationStatement).toEqual({ 'status not-taken': 1 })
  })

  test('the answer of an operation carries resources', async () => {
    const parameter = [
      { name: 'return', resource: ann },
      { name: 'more', part: [{ name: 'one', resource: weight('o1', 70) }] },
    ]
    const { rows, fates } = await resources({ resourceType: 'Parameters', parameter })
    expect(rows.observations).toEqual(['ann,weight,2024-01-10,70,kg,'])
    expect(fates).toMatchObject({
      Patient: { kept: 1 },
      Observation: { kept: 1 },
      Parameters: { 'no table for it': 1 },
    })
  })
})
