/** The evidence of the conditions of segment 3, computed from what a region delivered. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readEvidence, readSegment3 } from '../../../data/indicators/evidence.ts'
import { benchmarkCsv, indicatorsCsv } from '../../../data/indicators/indicator-csv.ts'
import { loadIndicators } from '../../../data/indicators/indicator-files.ts'
import { readFigures } from '../../../data/indicators/indicators.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { loadProgrammes } from '../../../data/region/programme-files.ts'
import { CONDITIONS, type Segment3 } from '../../../engine/contract/segment3.ts'
import { dataset, removeDatasets } from '../../support/regions/dataset.ts'
import { deliver } from '../../support/regions/deliver.ts'
import { liveStore } from '../../support/services/live.ts'
import { contractWith } from '../../support/settlements/contract.ts'

const asOf = '2026-02-15'
const segment3: Segment3 = {
  eurPerPatient: 4,
  conditions: CONDITIONS,
  thresholds: { 'DM-03': 0.9 },
  deliverBy: '2026-03-01',
}
const gate = (name: string) => ({ gate: name, weight: 0.2, rule: { equals: 'true' } })
const contract = contractWith({
  partners: ['zg1', 'zg2'],
  segment3,
  gates: [...CONDITIONS.map(gate), gate('other')],
})

let store: Store
let regionId: number
beforeAll(async () => {
  store = await liveStore()
  const groups = ['zg1', 'zg2']
  const patients = groups.flatMap((group) => Array.from({ length: 12 }, (_, i) => ({ id: `${group}-${i}`, group, i })))
  regionId = await deliver(store, 'frl', '2026-02-10', {
    partners: groups.flatMap((id) => [[id, id, 'care_group'] as const, [`pr-${id}`, id, 'gp_practice', id] as const]),
    patients: patients.map(({ id }) => [id, 1960, 'f', '3358'] as const),
    enrolments: patients.map(({ id, group, i }) => {
      const unknown = group === 'zg2' && i === 11
      return [id, 'dm2', `pr-${group}`, '2020-01-01', null, null, unknown ? null : i === 0 ? 'none' : 'gp'] as const
    }),
    conditions: patients.map(({ id }) => [id, 'ICPC-1', 'T90.02', '2015-01-01'] as const),
    observations: patients.map(({ id }) => [id, 'hba1c', '2025-05-01', 52] as const),
    quality: groups.flatMap((group) => [
      [group, 'benchmark_participation', 'true', '2025'] as const,
      [group, 'benchmark_named', 'true'] as const,
      [group, 'patient_experience', '7.9', '2025'] as const,
      [group, 'main_practitioner_known', 'true', '2025'] as const,
    ]),
  })
})
afterAll(async () => {
  await store.close()
  await removeDatasets()
})

describe('segment 3', () => {
  test('pays who meets every condition, niet-geregeld among the known, and nothing for one that is not', async () => {
    const [met, not] = await readSegment3(store, { regionId, asOf, contract })
    // the one with `none` is known and not the programme's: 11 patients
    expect(met).toMatchObject({ partnerId: 'zg1', patients: 11, met: true, cents: 4400 })
    expect(not).toMatchObject({ partnerId: 'zg2', patients: 11, met: false, cents: 0 })
    expect(not?.conditions.filter((each) => !each.met)).toEqual([
      { condition: 'main_practitioner_known', met: false, evidence: '11/12' },
    ])
  })

  test('delivered after the last day is not donkerblauw', async () => {
    const late = { ...contract, segment3: { ...segment3, deliverBy: '2026-02-09' as const } }
    const [first] = await readSegment3(store, { regionId, asOf, contract: late })
    expect(first).toMatchObject({ met: false, cents: 0 })
    expect(first?.conditions[1]).toEqual({ condition: 'donkerblauw', met: false, evidence: 'not on time' })
  })

  test('is nothing without the clause', async () => {
    expect(await readSegment3(store, { regionId, asOf, contract: contractWith() })).toEqual([])
  })
})

describe('the gates of a contract with the clause', () => {
  test('are computed where they can be, whatever quality.csv says', async () => {
    const evidence = await readEvidence(store, { regionId, asOf, contract })
    const of = (partner: string) =>
      Object.fromEntries(evidence.filter(({ partnerId }) => partnerId === partner).map((row) => [row.gate, row.value]))
    const rest = { benchmark_named: 'true', benchmark_participation: 'true', patient_experience: '7.9' }
    expect(of('zg1')).toEqual({
      ...rest,
      donkerblauw: 'true',
      main_practitioner_known: 'true',
      process_indicators: 'true',
    })
    expect(of('zg2')).toMatchObject({ main_practitioner_known: 'false', donkerblauw: 'true' })
    expect(new Set(evidence.map((row) => `${row.partnerId} ${row.gate} ${row.period}`)).size).toBe(evidence.length)
  })

  test('are those of quality.csv without it', async () => {
    const { segment3: _none, ...without } = contract
    const evidence = await readEvidence(store, { regionId, asOf, contract: without })
    expect(evidence.filter(({ gate: name }) => name === 'main_practitioner_known')).toHaveLength(2)
    expect(evidence.every(({ gate: name }) => name !== 'donkerblauw')).toBe(true)
  })
})

describe('the files', () => {
  test('have practices and care groups; the benchmark has care groups, and nobody below ten', async () => {
    const programmes = await loadProgrammes()
    const indicators = (await loadIndicators()).filter(({ programme }) => programme === 'dm2')
    const figures = await readFigures(store, { regionId, asOf, year: 2025, programmes, indicators })
    const lines = indicatorsCsv(figures).split('\n')
    expect(lines[0]).toBe('partner_id;jaar;programma;indicator;versie;noemer;teller;uitgesloten;onbekend')
    expect(lines).toContain('zg1;2025;dm2;DM-03;2018;11;11;0;0')
    expect(lines).toContain('pr-zg2;2025;dm2;DM-02;2018;12;11;0;0')
    const benchmark = benchmarkCsv(figures, new Set(['pr-zg1', 'pr-zg2']))
    expect(benchmark).toContain('zg1;2025;dm2;DM-03;11;11;0;2018\n')
    expect(benchmark).not.toContain('pr-zg')
    // the target of an LDL that nobody measured has nobody in it
    expect(benchmark).not.toContain('DM-09')
  })

  test('of a dataset may replace a definition, and are refused by name and path where they break a rule', async () => {
    const own = (numerator: string) =>
      dataset({
        'indicators/own.yaml': `programme: dm2\nindicators:\n  - {id: DM-03, version: own, valid_from: 2025-01-01, title: {nl: a, en: a}, population: coded, numerator: ${numerator}, source: ours, certainty: S}\n`,
      })
    const replaced = await loadIndicators(await own('{measured: [hba1c]}'))
    expect(replaced.filter(({ id }) => id === 'DM-03').map(({ version }) => version)).toEqual(['own'])
    await expect(loadIndicators(await own('{measured: [hba1c], enrolled: true}'))).rejects.toThrow(
      /own\.yaml: the indicators of dm2 is refused: indicators\[0\]\.numerator is a mapping; it asks exactly one of/,
    )
  })
})
