/** The road to a contract for hospital care at home: the worked examples of road.yaml, and the contract at its end. */
import { describe, expect, test } from 'vitest'
import { EXCHANGE } from '../../../data/exchange/exchange.ts'
import { contractTextOf } from '../../../data/road/road-file.ts'
import { loadProgrammes } from '../../../data/region/programme-files.ts'
import { blocksOf } from '../../../engine/road/blocks.ts'
import { movesOf, presentGainOf } from '../../../engine/road/moves.ts'
import { qualityOf } from '../../../engine/road/quality.ts'
import { roadOf } from '../../../engine/road/road-rules.ts'
import { STEPS, type Group } from '../../../engine/road/road.ts'
import { worthOf } from '../../../engine/road/worth.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { check, refusedOr } from '../../support/cases.ts'

const programmes = await loadProgrammes()
const PARTIES = ['mch', 'tzn', 'hag', '7085']
const agreed = { state: 'agreed', on: '2026-02-01', evidence: 'verslag van 1 februari' }

interface Given {
  readonly party?: string
  readonly together?: boolean
  readonly unitsSd?: number
  readonly patients?: number
  readonly years?: number
  readonly margin?: number
  readonly better?: string
  readonly hospital?: Group
  readonly home?: Group
  /** of the tariff; null: nothing is said */
  readonly states?: Record<string, string | null>
  readonly on?: Day
  readonly contract?: boolean
  readonly value?: unknown
}

const written = (group: Group) =>
  'profiles' in group ? { value_set: group.valueSet, profiles: group.profiles } : group

const documentOf = (given: Given = {}): Record<string, unknown> => {
  const source = { source: 'reference price 2024', certainty: 'S' }
  const people = { n: 200, mean: 62, sd: 10 }
  const standings = (states: Record<string, string | null>) =>
    Object.fromEntries(
      PARTIES.filter((party) => states[party] !== null).map((party) => [
        party,
        states[party] === undefined ? agreed : { state: states[party] },
      ]),
    )
  return {
    road: 'hf-thuis',
    title: 'Hartfalen thuis',
    programme: 'telebegeleiding_hf',
    parties: PARTIES.map((party, i) => ({ party, kind: ['hospital', 'home_care', 'gp', 'insurer'][i] })),
    steps: Object.fromEntries(
      STEPS.map((step) => [
        step,
        [
          {
            subject: step === 'payment_model' ? 'tariff' : step,
            owner: 'mch',
            due: '2026-03-01',
            standings: standings(step === 'payment_model' ? (given.states ?? {}) : {}),
          },
        ],
      ]),
    ),
    business: {
      patients: given.patients ?? 120,
      years: given.years ?? 3,
      items: [
        { item: 'nursing day', party: 'mch', units: -4, tariff_eur: 691.01, unit_cost_eur: 691.01, fixed_share: 0.4, ...source }, // prettier-ignore
        { item: 'hour of nursing', party: 'tzn', units: 10, units_sd: given.unitsSd ?? 0, tariff_eur: 80.48, unit_cost_eur: 70, ...source }, // prettier-ignore
        { item: 'GP consult', party: 'hag', units: 2, tariff_eur: 33.12, unit_cost_eur: 25, ...source },
      ],
    },
    quality: {
      measure: 'kccq',
      better: given.better ?? 'higher',
      margin: given.margin ?? 5,
      hospital: written(given.hospital ?? people),
      home: written(given.home ?? people),
    },
    ...(given.value === undefined ? {} : { value: given.value }),
    contract: {
      contract: 'hf-thuis-2026',
      title: 'Hartfalen thuis 2026',
      programme: 'telebegeleiding_hf',
      insurers: ['7085'],
      period: { start: '2026-01-01', end: '2026-12-31' },
      reference: { start: '2022-01-01', end: '2025-12-31' },
      outcomes: [{ measure: 'kccq', price_eur: 10, horizon_days: 365, window_days: 120, baseline_days: 450 }],
      share: { gain: 0.5, loss: 0 },
    },
  }
}

check('road', (given: Given) => refusedOr(() => computed(given)))

function computed(given: Given): unknown {
  const road = roadOf(documentOf(given))
  const moves = movesOf(road)
  if (given.together) return { gain: moves.reduce((sum, { gain }) => sum + gain, 0) }
  if (given.party) {
    const move = moves.find(({ party }) => party === given.party)!
    return { ...move, present: presentGainOf(move, road.business, EXCHANGE.discounting.costs) }
  }
  if (given.contract) return contractTextOf(road, programmes)
  if (given.states) return { blocks: blocksOf(road, given.on ?? null) }
  if (given.value) return worthOf(road, EXCHANGE)
  return qualityOf(road.quality, EXCHANGE.valueSets)
}

describe('a road', () => {
  test('on which everything is agreed ends in a contract that keeps the rules of one', () => {
    const yaml = contractTextOf(roadOf(documentOf()), programmes)
    expect(yaml).toContain('# Hartfalen thuis: every party agreed to every subject of road hf-thuis.')
    expect(yaml).toContain('contract: hf-thuis-2026')
  })

  test('about another programme than its contract is refused', () => {
    const road = roadOf({ ...documentOf(), programme: 'af_hf' })
    expect(() => contractTextOf(road, programmes)).toThrow('is about af_hf and its contract about telebegeleiding_hf')
  })

  test('lacks none of the ten steps', () => {
    const { term_and_exit: _gone, ...steps } = documentOf()['steps'] as Record<string, unknown>
    expect(() => roadOf({ ...documentOf(), steps })).toThrow('steps.term_and_exit is nothing; this key is required')
  })

  test('takes nothing for agreed without a day and evidence', () => {
    const steps = structuredClone(documentOf()['steps']) as Record<string, { standings: Record<string, unknown> }[]>
    steps['value_case']![0]!.standings['tzn'] = { state: 'agreed', on: '2026-02-01' }
    expect(() => roadOf({ ...documentOf(), steps })).toThrow(
      'steps.value_case[0].standings.tzn is a mapping; what is agreed has a day (on) and its evidence',
    )
  })

  test('names an event that is known', () => {
    const road = roadOf(documentOf({ value: { burden: 0.5, avoided: { falls: 1 } } }))
    expect(() => worthOf(road, EXCHANGE)).toThrow('Nothing says what falls takes off a utility; known are')
  })
})
