import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayOf, epochDayOf } from '../../../engine/kernel/calendar.ts'
import { type Contention, deadlineOf, panelIf } from '../../../engine/explain/dispute.ts'
import { panelFrom, type PatientSpec } from '../../support/regions/panel.ts'

const partners = [{ id: 'g1' }, { id: 'p1', memberOf: 'g1' }, { id: 'p2', memberOf: 'g1' }, { id: 'q1' }]
const day = fc.integer({ min: 1, max: 9 }).map((each) => dayOf(epochDayOf('2024-12-31') + each))
const person = (id: string): fc.Arbitrary<PatientSpec> =>
  fc.record({
    id: fc.constant(id),
    enrolments: fc.uniqueArray(fc.record({ partner: fc.constantFrom('g1', 'p1', 'p2', 'q1'), from: day }), {
      selector: ({ from }) => from,
      maxLength: 4,
    }),
    readings: fc.record({
      hba1c: fc.dictionary(day, fc.array(fc.integer({ min: 40, max: 90 }), { minLength: 1, maxLength: 3 })),
      sbp: fc.dictionary(day, fc.integer({ min: 100, max: 180 })),
    }),
  })
const people = fc.tuple(person('a'), person('b'), person('c'))
const panelOf = (patients: readonly PatientSpec[]) => panelFrom({ partners, patients, measures: ['hba1c', 'sbp'] })
/** The patients with one of them changed. */
const but = (patients: readonly PatientSpec[], id: string, change: (patient: PatientSpec) => PatientSpec) =>
  panelOf(patients.map((patient) => (patient.id === id ? change(patient) : patient)))

test('a patient that is not a partner’s is in its panel no more, nor in that of its practices; all else is as it was', () => {
  fc.assert(
    fc.property(
      people,
      fc.constantFrom('a', 'b', 'c'),
      fc.constantFrom('g1', 'p1', 'q1'),
      (all, patientId, partnerId) => {
        const own = partnerId === 'g1' ? ['g1', 'p1', 'p2'] : [partnerId]
        const contention: Contention = { kind: 'not_our_patient', patientId, partnerId }
        const was = all.find(({ id }) => id === patientId)!.enrolments
        const left = was.filter(({ partner }) => !own.includes(partner))
        const expected = but(all, patientId, (patient) => ({ ...patient, enrolments: left }))
        expect(panelIf(panelOf(all), contention)).toEqual(left.length === was.length ? null : expected)
      },
    ),
  )
})

test('a reading gives way to another, or to none, whatever was read that day; all else is as it was', () => {
  const value = fc.option(fc.integer({ min: 40, max: 90 }))
  fc.assert(
    fc.property(people, fc.constantFrom('a', 'b', 'c'), day, value, (all, patientId, observedOn, value) => {
      const contention: Contention = { kind: 'value_wrong', patientId, measure: 'hba1c', observedOn, value }
      const panel = panelOf(all)
      const before = all.find(({ id }) => id === patientId)!.readings!.hba1c!
      const { [observedOn]: wrong, ...rest } = before
      const right = value === null ? rest : { ...rest, [observedOn]: value }
      const expected = but(all, patientId, (patient) => ({
        ...patient,
        readings: { ...patient.readings, hba1c: right },
      }))
      expect(panelIf(panel, contention)).toEqual(wrong === undefined ? null : expected)
      expect(panel).toEqual(panelOf(all))
    }),
  )
})

test('who or what is not there cannot be disputed', () => {
  const panel = panelOf([{ id: 'a', enrolments: [] }])
  expect(panelIf(panel, { kind: 'not_our_patient', patientId: 'z', partnerId: 'p1' })).toBeNull()
  const reading = { kind: 'value_wrong', patientId: 'a', observedOn: '2025-01-01', value: 50 } as const
  expect(panelIf(panel, { ...reading, measure: 'weight' })).toBeNull()
})

test('a dispute may be filed for six weeks', () => {
  expect(deadlineOf('2026-03-01')).toBe('2026-04-12')
  expect(deadlineOf('2027-12-31')).toBe('2028-02-11')
})
