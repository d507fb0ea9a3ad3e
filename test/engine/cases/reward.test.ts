/** Quality rewarded by an insurer: the worked examples of reward.yaml. */
import { describe, expect, test } from 'vitest'
import { admissionsOf, detoxOf } from '../../../engine/reward/admissions.ts'
import { isStructurallyHigh, stayRatioOf, type Stay } from '../../../engine/reward/length-of-stay.ts'
import { epaOutside, mirrorOf } from '../../../engine/reward/mirror.ts'
import { rewardOf } from '../../../engine/reward/reward-rules.ts'
import type { Reward } from '../../../engine/reward/reward.ts'
import { romOf, type Treatment } from '../../../engine/reward/rom.ts'
import { tierOf } from '../../../engine/reward/tier.ts'
import { dayOf, epochDayOf, type Day } from '../../../engine/kernel/calendar.ts'
import { check } from '../../support/cases.ts'

const rules: Reward['rules'] = {
  turnoverAboveEur: 3_000_000,
  networkAtLeast: 3,
  instruments: ['mate', 'europasi'],
  indications: ['severe_comorbidity', 'social_disintegration', 'severe_dependence'],
}
const later = (day: Day, days: number): Day => dayOf(epochDayOf(day) + days)
const treatment = (patient: string, more: Partial<Treatment> = {}): Treatment => ({
  patient,
  partner: 'a',
  opened: '2024-02-01',
  closed: null,
  setting: 'outpatient',
  disciplines: 2,
  epa: true,
  ...more,
})
const stay = (patient: string, more: Partial<Stay> = {}): Stay => ({
  patient,
  partner: 'a',
  admitted: '2024-03-01',
  discharged: '2024-03-31',
  kind: 'clinical',
  instrument: 'MATE',
  indication: 'severe_dependence',
  evaluatedOn: null,
  ...more,
})
const times = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i))

interface Given {
  readonly provider?: [number, boolean, boolean, boolean]
  readonly network?: Record<string, string>
  readonly courses?: [number, number | null, number][]
  readonly days?: number
  readonly own?: [number, number]
  readonly others?: [number, number]
  readonly othersKind?: string
  readonly before?: number
  readonly clinical?: number
  readonly ambulant?: number
  readonly admission?: { instrument: string; indication: string; evaluated: Day }
  readonly clients?: number
  readonly twice?: boolean
  readonly agreed?: Record<string, number>
  readonly integrated?: boolean
}

check('reward', (given: Given) => {
  const { provider, network, courses, own, admission, clinical } = given
  if (provider) return tierIn(provider, network)
  if (courses) return romIn(courses, given.days!)
  if (own) return staysIn(given)
  if (admission) {
    const { instrument, indication, evaluated } = admission
    return admissionsOf([stay('i1', { instrument, indication, evaluatedOn: evaluated })], 2024, rules)
  }
  if (clinical !== undefined)
    return detoxOf(
      times(clinical, (i) => stay(`c${i}`, { kind: 'detox_inpatient' })),
      times(given.ambulant!, (i) => treatment(`a${i}`, { setting: 'detox_outpatient' })),
      2024,
    )
  const clients = times(given.clients!, (i) => treatment(`i${i}`))
  const treatments = given.twice ? [...clients, treatment('i0')] : clients
  return {
    mirror: mirrorOf(treatments, 2024, given.agreed ?? {}),
    epa: epaOutside(treatments, 2024, given.integrated ?? false),
  }
})

function tierIn(
  [turnoverEur, measures, acts, transparent]: NonNullable<Given['provider']>,
  network?: Given['network'],
) {
  const members = Object.entries(network ?? {}).map(([partner, owner]) => ({ partner, owner }))
  const efforts = { measures, acts, transparent }
  const provider = { partner: 'a', turnoverEur, efforts, integrated: false, topggzShare: null, agreed: {} }
  return tierOf(provider, members.length === 0 ? [] : [{ id: 'n', members }], rules)
}

function romIn(courses: NonNullable<Given['courses']>, days: number) {
  const each = courses.flatMap(([first, last, n], c) => times(n, (i) => ({ first, last, id: `i${c}-${i}` })))
  const closed = later('2024-02-01', days)
  return romOf(
    each.map(({ id }) => treatment(id, { closed })),
    each.flatMap(({ id, first, last }) => [
      { patient: id, on: '2024-02-01' as const, value: first },
      ...(last === null ? [] : [{ patient: id, on: closed, value: last }]),
    ]),
    { measure: 'oq45', better: 'lower' },
    2024,
  )
}

/** `before`: days of the own stays a year earlier, else as in the year. */
function staysIn({ own, others, othersKind = 'clinical', before }: Given) {
  const of = (partner: string, [days, n]: [number, number], year: number, kind = 'clinical') =>
    times(n, (i) => {
      const admitted = `${year}-03-01` as Day
      return stay(`${partner}${year}-${i}`, { partner, admitted, discharged: later(admitted, days), kind })
    })
  const all = [
    ...of('a', own!, 2024),
    ...of('b', others!, 2024, othersKind),
    ...of('a', before === undefined ? own! : [before, own![1]], 2023),
    ...of('b', others!, 2023, othersKind),
  ]
  const [last, now] = [stayRatioOf(all, 'a', 2023), stayRatioOf(all, 'a', 2024)]
  return { ratio: now, high: isStructurallyHigh(last, now) }
}

describe('a reward.yaml', () => {
  const least = () => ({
    reward: 'vgz-ggz-2024',
    insurer: '7095',
    year: 2024,
    rules: {
      turnover_above_eur: 3000000,
      network_at_least: 3,
      instruments: ['MATE', 'EuropASI'],
      indications: ['severe_dependence'],
    },
    rom: { measure: 'oq45', better: 'lower' },
    providers: [{ partner: 'a', turnover_eur: 4000000, measures: true, acts: true, transparent: true }],
  })

  test('is read, instruments in lower case', () => {
    expect(rewardOf(least())).toMatchObject({ insurer: '7095', rules: { instruments: ['mate', 'europasi'] } })
  })

  test.each([
    [{ insurer: 'VGZ' }, 'insurer is "VGZ"; an insurer is a UZOVI code of four digits, between quotes'],
    [{ providers: [{ partner: 'a' }] }, 'providers[0].turnover_eur is nothing; this key is required'],
    [{ providers: [least().providers[0], least().providers[0]] }, 'it was named before, in providers[0]; name it once'],
  ])('with %j is refused', (change, sentence) => {
    expect(() => rewardOf({ ...least(), ...change })).toThrow(sentence)
  })
})
