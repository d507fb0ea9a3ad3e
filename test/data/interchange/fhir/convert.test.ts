import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
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
const snomed = (code: string) => ({ coding: [{ system: 'http://snomed.info/sct', code }] })
const ucum = (value: number, code: string) => ({ value, unit: code, system: 'http://unitsofmeasure.org', code })
const to = (reference: string) => ({ reference })

const ann = { resourceType: 'Patient', id: 'ann', gender: 'female', birthDate: '1950-03-01' }
const practice = { resourceType: 'Organization', id: 'p1', name: 'Huisartsenpraktijk Eén' }
const hba1c = (id: string, on: string, value: number, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: loinc('4548-4'),
  subject: to('Patient/ann'),
  performer: [to('Organization/p1')],
  effectiveDateTime: on,
  valueQuantity: ucum(value, '%'),
  ...more,
})
const episode = {
  resourceType: 'EpisodeOfCare',
  id: 'e1',
  status: 'active',
  type: [{ coding: [{ system: 'urn:gezondheidswinst:programme', code: 'dm2' }] }],
  patient: to('Patient/ann'),
  managingOrganization: to('Organization/p1'),
  period: { start: '2020-01-01' },
}

const bundle = (resources: readonly object[], type = 'collection') =>
  JSON.stringify({
    resourceType: 'Bundle',
    type,
    entry: resources.map((resource) => ({ resource })),
  })
const ndjson = (resources: readonly object[]) => resources.map((each) => JSON.stringify(each)).join('\n')

const readings = async (...resources: object[]) =>
  converted('fhir', await source({ 'all.json': bundle([ann, practice, ...resources]) }))

const small = [ann, practice, episode, hba1c('o1', '2024-01-10T09:00:00+01:00', 7.2)]
const smallRows = {
  partners: ['p1,Huisartsenpraktijk Eén,gp_practice,,'],
  patients: ['ann,1950,f,,,'],
  enrolments: ['ann,dm2,p1,2020-01-01,,,'],
  observations: ['ann,hba1c,2024-01-10,7.2,%,p1'],
}

const asXml = (element: unknown, name: string): string => {
  if (Array.isArray(element)) return element.map((each) => asXml(each, name)).join('')
  if (typeof element !== 'object' || element === null) return `<${name} value="${String(element)}"/>`
  const { resourceType, ...fields } = element as Record<string, unknown>
  const inside = Object.entries(fields)
    .map(([field, value]) => asXml(value, field))
    .join('')
  return resourceType === undefined
    ? `<${name}>${inside}</${name}>`
    : `<${name}><${resourceType as string}>${inside}</${resourceType as string}></${name}>`
}

describe('the same resources, however they are written', () => {
  const xml = `<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"><type value="collection"/>${small
    .map((resource) => `<entry>${asXml(resource, 'resource')}</entry>`)
    .join('')}</Bundle>`
  const alone = `<Observation xmlns="http://hl7.org/fhir"><text><div xmlns="http://www.w3.org/1999/xhtml">7 &amp; <b>2</b></div></text>${/<Observation>(.*)<\/Observation>/.exec(xml)?.[1]}</Observation>`
  const cases: Readonly<Record<string, Readonly<Record<string, string | Buffer>>>> = {
    'a collection': { 'a.json': bundle(small) },
    'a searchset, indented, after a byte order mark': {
      'a.json': `\uFEFF${JSON.stringify(JSON.parse(bundle(small, 'searchset')), null, 2)}`,
    },
    'entry before resourceType': {
      'a.json': `{"entry":${JSON.stringify(small.map((resource) => ({ resource })))},"resourceType":"Bundle","type":"batch"}`,
    },
    'bulk export': { 'Patient.ndjson': ndjson(small.slice(0, 1)), 'rest.ndjson': `${ndjson(small.slice(1))}\n\n` },
    'gzipped bulk export': { 'all.ndjson.gz': gzipSync(ndjson(small)) },
    'one resource in each file, facts before people': Object.fromEntries(
      small.toReversed().map((each, at) => [`${at}.json`, JSON.stringify(each)]),
    ),
    'a Bundle in a Bundle': { 'a.json': bundle([JSON.parse(bundle(small))]) },
    XML: { 'a.xml': xml },
    'XML, gzipped, in a folder': { 'deep/a.xml.gz': gzipSync(xml) },
    'XML and JSON together': { 'a.json': bundle(small.slice(0, 3)), 'b.xml': alone },
  }
  for (const [name, files] of Object.entries(cases))
    test(name, async () => {
      const found = await converted('fhir', await source(files))
      expect(found.rows).toMatchObject(smallRows)
      expect(found.fates).toMatchObject({ Observation: { kept: 1 }, EpisodeOfCare: { kept: 1 } })
      expect(unaccounted(found)).toEqual([])
    })
})

describe('references', () => {
  test('of a transaction: urn:uuid, conditional, and by way of a role, an encounter and a location', async () => {
    const [person, place] = [
      'urn:uuid:11111111-aaaa-4bbb-8ccc-000000000001',
      'urn:uuid:11111111-aaaa-4bbb-8ccc-000000000002',
    ]
    const entries = [
      {
        fullUrl: person,
        resource: {
          ...ann,
          id: undefined,
          identifier: [{ system: 'http://fhir.nl/fhir/NamingSystem/bsn', value: '999990019' }],
        },
      },
      { fullUrl: place, resource: { ...practice, id: undefined, identifier: [{ system: 'urn:x', value: 'A 7' }] } },
      {
        fullUrl: 'urn:uuid:role',
        resource: {
          resourceType: 'PractitionerRole',
          organization: to('Organization?identifier=urn:x%7CA%207'),
          practitioner: to('Practitioner/d'),
        },
      },
      {
        fullUrl: 'urn:uuid:visit',
        resource: {
          resourceType: 'Encounter',
          status: 'finished',
          subject: to(person),
          participant: [{ individual: to('Practitioner/d') }],
          period: { start: '2024-01-10' },
        },
      },
      { resource: hba1c('o1', '2024-01-10', 7, { subject: to(person), performer: [to('urn:uuid:role')] }) },
      {
        resource: hba1c('o2', '2024-02-10', 7, {
          subject: to(person),
          performer: undefined,
          encounter: to('urn:uuid:visit'),
        }),
      },
      {
        resource: hba1c('o3', '2024-03-10', 7, {
          subject: { identifier: { system: 'http://fhir.nl/fhir/NamingSystem/bsn', value: '999990019' } },
          performer: undefined,
        }),
      },
    ]
    const text = JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: entries })
    const { rows } = await converted('fhir', await source({ 'a.json': text }))
    const id = '11111111-aaaa-4bbb-8ccc-000000000001'
    expect(rows.patients).toEqual([`${id},1950,f,,,`])
    expect(rows.observations).toEqual([
      `${id},hba1c,2024-01-10,7,%,A 7`,
      `${id},hba1c,2024-02-10,7,%,A 7`,
      `${id},hba1c,2024-03-10,7,%,`,
    ])
    expect(JSON.stringify(rows)).not.toContain('999990019')
  })

  test('of a batch that puts: the id is in the request or in fullUrl', async () => {
    const entry = [
      { request: { method: 'PUT', url: 'Patient/ann' }, resource: { ...ann, id: undefined } },
      {
        fullUrl: 'http://x/fhir/Organization/p1',
        request: { method: 'PUT', url: 'Organization/p1' },
        resource: { ...practice, id: undefined },
      },
      { request: { method: 'POST', url: 'Observation' }, resource: hba1c('o1', '2024-01-10', 7) },
      { request: { method: 'DELETE', url: 'Observation/o9' } },
      { response: { status: '201' } },
    ]
    const text = JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry })
    const { rows, fates } = await converted('fhir', await source({ 'a.json': text }))
    expect(rows.patients).toEqual(['ann,1950,f,,,'])
    expect(rows.observations).toEqual(['ann,hba1c,2024-01-10,7,%,p1'])
    expect(fates).toMatchObject({
      'entry that deletes': { 'no resource': 1 },
      'entry without a resource': { 'no resource': 1 },
    })
  })

  test('to who is not there: an organisation by name, a patient to be rejected', async () => {
    const { rows } = await readings(
      hba1c('o1', '2024-01-10', 7, {
        performer: [to('Organization/far')],
        subject: to('http://x/fhir/Patient/bob/_history/2'),
      }),
      hba1c('o2', '2024-01-10', 7, {
        subject: to('Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn|111222333'),
        performer: undefined,
      }),
    )
    expect(rows.partners).toContain('far,far,gp_practice,,')
    expect(rows.observations).toEqual([
      'bob,hba1c,2024-01-10,7,%,far',
      'named by citizen number only,hba1c,2024-01-10,7,%,',
    ])
  })
})

describe('observations', () => {
  const part = (code: string, value: number) => ({ code: loinc(code), valueQuantity: ucum(value, 'mm[Hg]') })
  test('components, units as others spell them, bounds, answers and weights', async () => {
    const { rows, fates, unmapped } = await readings(
      {
        ...hba1c('bp', '2024-01-10', 0),
        code: loinc('85354-9'),
        valueQuantity: undefined,
        component: [part('8480-6', 140), part('8462-4', 85), part('8478-0', 100)],
      },
      {
        ...hba1c('egfr', '2024-01-10', 0),
        code: loinc('33914-3'),
        valueQuantity: { ...ucum(90, 'mL/min'), comparator: '>' },
      },
      { ...hba1c('weight', '2024-01-10', 0), code: loinc('29463-7'), valueQuantity: ucum(180, '[lb_av]') },
      {
        ...hba1c('nyha', '2024-01-10', 0),
        code: loinc('88020-3'),
        valueQuantity: undefined,
        valueCodeableConcept: snomed('421704003'),
      },
      {
        ...hba1c('mrc', '2024-01-10', 0),
        code: { coding: [{ system: 'urn:gezondheidswinst:measure', code: 'mrc' }] },
        valueQuantity: undefined,
        valueCodeableConcept: {
          coding: [
            {
              system: 'urn:y',
              code: 'iii',
              extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/ordinalValue', valueDecimal: 3 }],
            },
          ],
        },
      },
      { ...hba1c('bare', '2024-01-10', 0), valueQuantity: { value: 7.5 } },
    )
    expect(rows.observations).toEqual([
      'ann,sbp,2024-01-10,140,mm[Hg],p1',
      'ann,dbp,2024-01-10,85,mm[Hg],p1',
      `ann,weight,2024-01-10,${180 * 0.45359237},kg,p1`,
      'ann,nyha,2024-01-10,2,,p1',
      'ann,mrc,2024-01-10,3,,p1',
      'ann,hba1c,2024-01-10,7.5,%,p1',
    ])
    expect(fates.Observation).toEqual({ kept: 5, 'a bound (< or >), not a value': 1 })
    expect(unmapped).toEqual([{ what: 'measure', system: 'http://loinc.org', code: '8478-0', display: '', count: 1 }])
  })

  test('each that gives no row says why', async () => {
    const { rows, fates, unmapped } = await readings(
      hba1c('void', '2024-01-10', 7, { status: 'entered-in-error' }),
      hba1c('undated', '', 7),
      hba1c('month', '2024-01', 7),
      hba1c('nobody', '2024-01-10', 7, { subject: undefined }),
      hba1c('absent', '2024-01-10', 7, { valueQuantity: undefined, dataAbsentReason: snomed('1') }),
      hba1c('words', '2024-01-10', 7, { valueQuantity: undefined, valueString: 'too high' }),
      hba1c('other', '2024-01-10', 7, { code: loinc('2345-7') }),
      hba1c('panel', '2024-01-10', 7, {
        code: loinc('24323-8'),
        valueQuantity: undefined,
        hasMember: [to('Observation/o1')],
      }),
    )
    expect(rows.observations).toEqual([])
    expect(fates.Observation).toEqual({
      'a panel: its members carry the values': 1,
      'a value that is no number': 1,
      'code not mapped': 1,
      'status entered-in-error': 1,
      'without a full date': 2,
      'without a patient': 1,
      'without a value': 1,
    })
    expect(unmapped.map(({ code }) => code)).toEqual(['2345-7'])
  })

  test('answers of a questionnaire, by the codes of its items', async () => {
    const { rows } = await readings({
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      subject: to('Patient/ann'),
      authored: '2024-05-01T10:00:00Z',
      item: [
        {
          linkId: 'group',
          item: [{ linkId: '/88020-3', answer: [{ valueCoding: { system: 'http://loinc.org', code: 'LA28406-9' } }] }],
        },
        { linkId: 'ccq', answer: [{ valueDecimal: 1.4 }] },
      ],
    })
    expect(rows.observations).toEqual(['ann,nyha,2024-05-01,3,,', 'ann,ccq,2024-05-01,1.4,,'])
  })

  test('a mapping.yaml in the directory wins, and names its slips', async () => {
    const files = {
      'a.json': bundle([
        ...small,
        hba1c('x', '2024-03-01', 51, {
          code: { coding: [{ system: 'urn:lab', code: 'HB' }] },
          valueQuantity: { value: 51, unit: 'mM/M' },
        }),
      ]),
    }
    const mapping = 'systems: {lab: ["urn:lab"]}\nmeasures: {hba1c: {codes: {lab: [HB]}}}\nunits: {mmol/mol: [mM/M]}\n'
    const { rows } = await converted('fhir', await source({ ...files, 'mapping.yaml': mapping }))
    expect(rows.observations).toContain('ann,hba1c,2024-03-01,51,mmol/mol,p1')
    await expect(converted('fhir', await source({ ...files, 'mapping.yaml': 'measure: {}' }))).rejects.toThrow(
      /mapping.yaml: measure is not known/,
    )
    await expect(
      converted('fhir', await source({ ...files, 'mapping.yaml': 'measures: {hba2c: {}}' })),
    ).rejects.toThrow(/hba2c is no measure/)
  })
})

describe('enrolments', () => {
  const visit = (on: string, at: string) => ({
    resourceType: 'Encounter',
    status: 'finished',
    subject: to('Patient/ann'),
    period: { start: `${on}T10:00:00Z` },
    serviceProvider: to(`Organization/${at}`),
  })
  const diabetes = {
    resourceType: 'Condition',
    subject: to('Patient/ann'),
    code: snomed('44054006'),
    onsetDateTime: '2020-06-15',
  }
  const second = { ...practice, id: 'p2', name: 'Ziekenhuis Twee' }
  const visits = [
    visit('2018-01-01', 'p2'),
    visit('2018-02-01', 'p2'),
    visit('2018-03-01', 'p2'),
    visit('2020-05-01', 'p1'),
    visit('2020-06-01', 'p1'),
    visit('2020-04-01', 'p2'),
    visit('2023-09-09', 'p2'),
  ]

  test('where none is told: from the first diagnosis, where the patient was seen most in the year before, to the last contact', async () => {
    const { rows, derived } = await readings(second, ...visits, diabetes, { ...diabetes, onsetDateTime: '2021' })
    expect(rows.enrolments).toEqual(['ann,dm2,p1,2020-06-15,2023-09-09,other,'])
    expect(derived).toEqual([{ programme: 'dm2', derived: 1, withoutOrganisation: 0 }])
    expect(rows.conditions).toEqual(['ann,SNOMED,44054006,2020-06-15,', 'ann,SNOMED,44054006,2021-01-01,'])
  })

  test('until death', async () => {
    const all = [{ ...ann, deceasedDateTime: '2023-12-24T00:00:00Z' }, practice, second, ...visits, diabetes]
    const { rows } = await converted('fhir', await source({ 'a.json': bundle(all) }))
    expect(rows.enrolments).toEqual(['ann,dm2,p1,2020-06-15,2023-12-24,died,'])
    expect(rows.patients).toEqual(['ann,1950,f,,,2023-12-24'])
  })

  test('where an episode is told, nothing is derived; by its diagnosis too, and placed by contacts if it says no place', async () => {
    const told = {
      ...episode,
      type: undefined,
      managingOrganization: undefined,
      diagnosis: [{ condition: to('Condition/d') }],
    }
    const { rows, derived } = await readings(
      second,
      ...visits,
      { ...diabetes, id: 'd' },
      { ...told, period: { start: '2020-07', end: '2022-12-31' } },
    )
    expect(rows.enrolments).toEqual(['ann,dm2,p1,2020-07-01,2022-12-31,,'])
    expect(derived).toEqual([])
  })

  test('nowhere seen, nowhere enrolled: and that is told', async () => {
    const { rows, derived } = await readings(diabetes)
    expect(rows.enrolments).toEqual([])
    expect(derived).toEqual([{ programme: 'dm2', derived: 0, withoutOrganisation: 1 }])
  })
})

test('medicines by ATC, by RxNorm and by reference; claims in euros, once', async () => {
  const use = {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    subject: to('Patient/ann'),
    authoredOn: '2024-01-01',
  }
  const claim = {
    resourceType: 'Claim',
    id: 'c1',
    status: 'active',
    use: 'claim',
    patient: to('Patient/ann'),
    provider: to('Organization/p1'),
    billablePeriod: { start: '2024-02-02' },
    item: [
      {
        sequence: 1,
        productOrService: { coding: [{ code: '12000' }] },
        quantity: { value: 2 },
        net: { value: 20.5, currency: 'EUR' },
      },
    ],
  }
  const { rows, fates, unmapped } = await readings(
    {
      ...use,
      medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'A10BA02' }] },
      dispenseRequest: { validityPeriod: { end: '2024-06-30' } },
    },
    {
      ...use,
      medicationCodeableConcept: {
        coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '314231' }],
      },
    },
    {
      ...use,
      medicationReference: to('#m'),
      contained: [
        {
          resourceType: 'Medication',
          id: 'm',
          code: { coding: [{ system: 'http://www.whocc.no/atc', code: 'C07AB02' }] },
        },
      ],
      id: 'held',
    },
    { ...use, medicationCodeableConcept: { text: 'a tea' } },
    claim,
    { ...claim, resourceType: 'ExplanationOfBenefit', id: 'x1', claim: to('Claim/c1') },
    { ...claim, id: 'c2', item: [], total: { value: 10, currency: 'USD' } },
  )
  expect(rows.medications).toEqual([
    'ann,A10BA02,2024-01-01,2024-06-30',
    'ann,C10AA01,2024-01-01,',
    'ann,C07AB02,2024-01-01,',
  ])
  expect(rows.claims).toEqual(['c1,ann,p1,2024-02-02,12000,2,20.5,'])
  expect(fates).toMatchObject({
    MedicationRequest: { kept: 3, 'code not mapped': 1 },
    Claim: { kept: 1, 'in a currency that is not mapped to euros': 1 },
    ExplanationOfBenefit: { 'its claim is kept': 1 },
  })
  expect(unmapped.map(({ what }) => what).sort()).toEqual(['currency', 'medicine'])
})

test('insurers come from coverage, and are no partners; postcodes only of the Netherlands', async () => {
  const insurer = {
    resourceType: 'Organization',
    id: 'i',
    name: 'Verzekeraar',
    identifier: [{ system: 'http://fhir.nl/fhir/NamingSystem/uzovi', value: '7095' }],
  }
  const cover = {
    resourceType: 'Coverage',
    status: 'active',
    beneficiary: to('Patient/ann'),
    payor: [to('Organization/i')],
    period: { start: '2023-01-01' },
  }
  const all = [{ ...ann, address: [{ postalCode: '01890' }, { postalCode: '2312 AB' }] }, practice, cover, insurer]
  const { rows, fates } = await converted('fhir', await source({ 'a.ndjson': ndjson(all) }))
  expect(rows.patients).toEqual(['ann,1950,f,2312,7095,'])
  expect(rows.partners).toEqual(['p1,Huisartsenpraktijk Eén,gp_practice,,'])
  expect(fates.Organization).toEqual({ kept: 1, 'an insurer, not a partner': 1 })
})

describe('into the store', () => {
  const order = async (dir: string, region: string, more: object = {}) => ({
    dir,
    region,
    rejectsPath: join(await source({}), 'rejects.csv'),
    ...more,
  })

  test('rejects name the file, the line and the resource', async () => {
    const dir = await source({
      'x.ndjson': ndjson([...small, hba1c('mad', '2024-02-01', 99)]),
      'quality.csv': 'partner_id,gate,value\np1,g,true\n',
    })
    const asked = await order(dir, 'rejects', { maxRejects: 0.6, delivered: '2024-12-31' })
    const result = await importConverted(store, 'fhir', asked)
    expect(result.files.map(({ file, accepted, rejected }) => [file, accepted, rejected])).toEqual([
      ['partners.csv', 1, 0],
      ['patients.csv', 1, 0],
      ['enrolments.csv', 1, 0],
      ['observations.csv', 1, 1],
      ['conditions.csv', 0, 0],
      ['medications.csv', 0, 0],
      ['claims.csv', 0, 0],
      ['quality.csv', 1, 0],
    ])
    expect(result.conversion.beside).toEqual(['quality.csv'])
    const [, reject] = (await readFile(asked.rejectsPath, 'utf8')).split('\n')
    expect(reject).toMatch(
      /^x\.ndjson,5,value,99,".*outside the plausible range of hba1c.*\(Observation\/mad\)",p1,p1,/,
    )
    expect(await importConverted(store, 'fhir', asked)).toMatchObject({
      imported: false,
      deliveryId: result.deliveryId,
    })
  })

  test('a pseudonymised import tells no patient id, not even where a patient is rejected', async () => {
    const people = [ann, { ...ann, id: 'the-secret-id', birthDate: '19x0' }]
    const dir = await source({ 'x.ndjson': ndjson([...people, practice, episode, hba1c('o1', '2024-01-10', 7)]) })
    const asked = await order(dir, 'pseudonymous', { maxRejects: 0.6, pseudonymKey: 'key', delivered: '2024-12-31' })
    await importConverted(store, 'fhir', asked)
    const rejects = await readFile(asked.rejectsPath, 'utf8')
    expect(rejects).toMatch(
      /x\.ndjson,2,patient_id,[0-9a-f]{64},the source tells this patient with a birth date that has no year/,
    )
    expect(rejects).not.toContain('the-secret-id')
  })

  const whole = JSON.stringify(JSON.parse(bundle(small)), null, 1)
  const bad: Readonly<Record<string, readonly [Record<string, string | Buffer>, RegExp]>> = {
    'a Bundle cut off in an entry': [{ 'a.json': whole.slice(0, -80) }, /a\.json ends at line \d+ in the middle/],
    'a Bundle cut off between entries': [{ 'a.json': whole.slice(0, whole.lastIndexOf('},') + 2) }, /ends at line/],
    'XML cut off': [
      { 'a.xml': '<Bundle xmlns="http://hl7.org/fhir"><entry><resource><Patient><id value="a"/>' },
      /ends at line 1 inside <Patient>/,
    ],
    'XML that is none': [{ 'a.xml': '<Patient><id></Patient>' }, /a\.xml, line 1: not XML/],
    'a gzip cut off': [{ 'a.json.gz': gzipSync(whole).subarray(0, 150) }, /not a whole gzip file/],
    'no JSON': [{ 'a.json': 'resourceType: Patient' }, /a\.json, line 1: this is not JSON/],
    'broken JSON': [
      { 'a.ndjson': `${JSON.stringify(ann)}\n{"resourceType" "Patient"}` },
      /a\.ndjson, line 2: what begins here is not JSON/,
    ],
    'entries without a comma': [
      { 'a.json': '{"resourceType":"Bundle","entry":[{"resource":{}} {"resource":{}}]}' },
      /without a comma/,
    ],
    'a JSON without an end to its depth': [
      { 'a.json': `{"a":${'['.repeat(5000)}` },
      /a\.json, line 1: nested deeper than 500 levels/,
    ],
    'another encoding': [{ 'a.json': Buffer.from(JSON.stringify({ ...practice, name: 'é' }), 'latin1') }, /not UTF-8/],
    'no FHIR at all': [{ 'a.txt': 'x' }, /has no FHIR/],
    'citizen numbers for ids': [
      { 'a.ndjson': ndjson(['999990019', '111222333', '123456782', '999911120'].map((id) => ({ ...ann, id }))) },
      /11-test of citizen numbers/,
    ],
  }
  for (const [name, [files, sentence]] of Object.entries(bad))
    test(`${name} is refused, and nothing is kept`, async () => {
      await expect(importConverted(store, 'fhir', await order(await source(files), name))).rejects.toThrow(sentence)
      expect((await store.pool.query('select from region where name = $1', [name])).rowCount).toBe(0)
    })
})
