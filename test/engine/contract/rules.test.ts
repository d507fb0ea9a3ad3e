import { describe, expect, test } from 'vitest'
import { builtInProgrammes } from '../../../data/region/programme-files.ts'
import { contractOf } from '../../../engine/contract/rules.ts'
import type { Fault } from '../../../engine/kernel/document.ts'
import { programmesOf } from '../../../engine/contract/programme-rules.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'

const programmes = programmesOf(await builtInProgrammes())

/** The least that a contract must say. */
const least = () => ({
  contract: 'north-2025',
  title: 'North 2025',
  programme: 'dm2',
  period: { start: '2025-01-01', end: '2025-12-31' },
  reference: { start: '2021-01-01', end: '2024-12-31' },
  outcomes: [{ measure: 'hba1c', price_eur: 12.5, horizon_days: 365, window_days: 120, baseline_days: 450 }],
  share: { gain: 0.5, loss: 0 },
})

/** The document with a value set (or, undefined, a key taken out) at a path such as `outcomes[0].price_eur`. */
function changed(path: string, value: unknown): unknown {
  const document: unknown = structuredClone(least())
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '')
  let at = document as Record<string, unknown>
  for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>
  const last = keys.at(-1) as string
  if (value === undefined) delete at[last]
  else at[last] = value
  return document
}

function refusalOf(document: unknown): Refusal {
  try {
    contractOf(document, programmes)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('the document was accepted')
}
const faultsOf = (document: unknown): readonly Fault[] => refusalOf(document).facts['faults'] as readonly Fault[]

const outcome = least().outcomes[0]

// Where a value is put, the value, the path that is reported (if another), and the sentence.
const refused: readonly (readonly [string, unknown, string | null, string])[] = [
  ['contract', undefined, null, 'contract is nothing; this key is required'],
  ['title', undefined, null, 'title is nothing; this key is required'],
  ['programme', undefined, null, 'programme is nothing; this key is required'],
  ['period', undefined, null, 'period is nothing; this key is required'],
  ['period.end', undefined, null, 'period.end is nothing; this key is required'],
  ['reference', undefined, null, 'reference is nothing; this key is required'],
  ['reference.start', undefined, null, 'reference.start is nothing; this key is required'],
  ['reference.end', undefined, null, 'reference.end is nothing; this key is required'],
  ['share', undefined, null, 'share is nothing; this key is required'],
  ['outcomes', undefined, null, 'outcomes is nothing; this key is required'],
  ...['measure', 'price_eur', 'horizon_days', 'window_days', 'baseline_days'].map(
    (key) => [`outcomes[0].${key}`, undefined, null, `outcomes[0].${key} is nothing; this key is required`] as const,
  ),
  ['bonus', 3, null, 'bonus is 3; this key is unknown; known here are contract, title, programme'],
  ['period.until', '2026', null, 'this key is unknown; known here are start, end'],
  ['outcomes[0].prize_eur', 3, null, 'this key is unknown; known here are measure, price_eur'],
  ['share.both', 0.5, null, 'this key is unknown; known here are gain, loss'],
  ['contract', 2025, null, 'contract is 2025; it must be a text: write it between quotes'],
  ['title', '  ', null, 'title is "  "; it must be a text'],
  ['programme', 'dm3', null, 'programme is "dm3"; no such programme is known; known are af_hf, astma, copd, dm2'],
  ['period', '2025', null, 'period is "2025"; it must be a mapping with the keys start, end'],
  ['period.start', '2025-02-30', null, 'it must be a date that exists, as YYYY-MM-DD'],
  ['period.start', 2025, null, 'period.start is 2025; it must be a date that exists, as YYYY-MM-DD'],
  ['period.end', '2024-12-31', null, 'it must not lie before period.start (2025-01-01)'],
  ['reference.end', '2025-01-01', null, 'the reference must end before period.start (2025-01-01)'],
  ['reference.end', '2025-06-30', null, 'the reference must end before period.start (2025-01-01)'],
  [
    'term',
    { start: '2025-01-01', end: '2027-06-30' },
    'term.end',
    'a term is a number of whole years from term.start (2025-01-01), its last day included',
  ],
  [
    'term',
    { start: '2024-07-01', end: '2026-06-30' },
    'period',
    'with a term, the period is one of its years: 2024-07-01 to 2025-06-30, 2025-07-01 to 2026-06-30',
  ],
  [
    'term',
    { start: '2024-01-01', end: '2025-12-31' },
    'reference.end',
    'the reference must end before term.start (2024-01-01)',
  ],
  [
    'term',
    { start: '2025-01-01', end: '2029-12-31' },
    'reference.start',
    '365 days are missing; it must start on 2020-01-01 or earlier',
  ],
  ['index', 'visit', null, 'it must be one of enrolment'],
  ['inclusion', { start: '2025-01-01', end: '2025-06-30' }, null, 'there are none without index: enrolment'],
  ['reference.includes_contract_years', 'yes', null, 'it must be one of agreed'],
  ['reference.start', '2024-12-32', null, 'it must be a date that exists'],
  ['reference.end', '2020-12-31', null, 'it must not lie before reference.start (2021-01-01)'],
  ['insurers', [], null, 'insurers is a list of 0; it must be a list of UZOVI codes, with at least one'],
  ['insurers', ['709'], 'insurers[0]', 'an insurer is a UZOVI code of four digits, between quotes'],
  ['insurers', ['7095', 95], 'insurers[1]', 'insurers[1] is 95; an insurer is a UZOVI code of four digits'],
  ['insurers', ['7095', '7095'], 'insurers[1]', 'it was named before, in insurers[0]; name it once'],
  ['partners', [], null, 'partners is a list of 0; it must be a list of partners, with at least one'],
  ['partners', null, null, 'partners is an empty value; it must be a list of partners, with at least one'],
  ['partners', 'p01', null, 'partners is "p01"; it must be a list of partners'],
  ['partners', ['p01', 7], 'partners[1]', 'partners[1] is 7; it must be a text: write it between quotes'],
  ['partners', ['p01', 'p02', 'p01'], 'partners[2]', 'it was named before, in partners[0]; name it once'],
  ['reference.partners', [], null, 'it must be a list of partners, with at least one'],
  ['control', [], null, 'control is a list of 0; it must be a list of partners, with at least one'],
  ['outcomes', [], null, 'outcomes is a list of 0; it must be a list of outcomes, with at least one'],
  ['outcomes', [outcome, outcome], 'outcomes[1].measure', 'it was named before, in outcomes[0].measure; name it once'],
  ['outcomes[0].measure', 'ccq', null, 'programme dm2 has no such measure; it has hba1c, sbp, dbp, ldl'],
  ['outcomes[0].price_eur', 0, null, 'outcomes[0].price_eur is 0; it must be above 0'],
  ['outcomes[0].price_eur', -3, null, 'outcomes[0].price_eur is -3; it must be above 0'],
  ['outcomes[0].price_eur', '12,50', null, 'outcomes[0].price_eur is "12,50"; it must be a number, and be above 0'],
  ['outcomes[0].horizon_days', 0, null, 'it must be a whole number above 0'],
  ['outcomes[0].horizon_days', 364.5, null, 'it must be a whole number above 0'],
  ['outcomes[0].window_days', 365, null, 'outcomes[0].window_days is 365; it must be below horizon_days (365)'],
  ['outcomes[0].window_days', 400, null, 'outcomes[0].window_days is 400; it must be below horizon_days (365)'],
  ['outcomes[0].window_days', -1, null, 'it must be a whole number, 0 or more'],
  ['outcomes[0].baseline_days', -1, null, 'it must be a whole number, 0 or more'],
  ['outcomes[0].counted_range', [110, 48], null, 'the lowest must come first and lie below the highest'],
  ['outcomes[0].counted_range', [48, 48], null, 'the lowest must come first and lie below the highest'],
  ['outcomes[0].counted_range', [48], null, 'it must be a list of two numbers, [lowest, highest]'],
  ['outcomes[0].target', [64, 48], null, 'the lowest must come first'],
  ['outcomes[0].target', ['48', '64'], null, 'it must be a list of two numbers, [lowest, highest]'],
  ['missing', 'ignore', null, 'missing is "ignore"; it must be one of exclude, zero, doubly_robust'],
  ['pessimistic_shift_sd', -0.1, null, 'pessimistic_shift_sd is -0.1; it must be 0 or more'],
  ['history', 'all', null, 'it must be one of none, own'],
  ['level_weight', 1.1, null, 'level_weight is 1.1; it must lie between 0 and 1'],
  ['trend', 'national', null, 'it must be one of none, control'],
  ['trend', 'control', null, 'trend is "control"; then control must name at least one partner outside the contract'],
  [
    'excess_missing',
    'deduct',
    null,
    'excess_missing is "deduct"; then control must name at least one partner outside the contract: what is missing there says what chance alone leaves missing',
  ],
  ['excess_missing', 'take', null, 'excess_missing is "take"; it must be one of none, deduct'],
  ['credibility', 'full', null, 'it must be none, estimated, or {between_sd: {measure: standard deviation}}'],
  ['credibility', { between: 1 }, 'credibility.between', 'this key is unknown; known here are between_sd'],
  ['credibility', { between_sd: 1.2 }, 'credibility.between_sd', 'it must be a mapping of measures to standard'],
  ['credibility.between_sd', { hba1c: -1 }, 'credibility.between_sd.hba1c', 'it must be 0 or more'],
  ['credibility.between_sd', { hba1c: 1, sbp: 2 }, 'credibility.between_sd.sbp', 'there is no outcome of this measure'],
  ['credibility.between_sd', { sbp: 2 }, 'credibility.between_sd.sbp', 'there is no outcome of this measure'],
  ['share.gain', 1.5, null, 'share.gain is 1.5; it must lie between 0 and 1'],
  ['share.gain', undefined, null, 'share.gain is nothing; this key is required'],
  ['share.loss', -0.1, null, 'share.loss is -0.1; it must lie between 0 and 1'],
  ['share.loss', Number.NaN, null, 'it must be a number, and lie between 0 and 1'],
  ['dead_band.eur', -1, null, 'dead_band.eur is -1; it must be 0 or more'],
  ['dead_band.z', -1, null, 'dead_band.z is -1; it must be 0 or more'],
  ['dead_band', 5, null, 'dead_band is 5; it must be a mapping with the keys eur, z'],
  ['min_patients', -1, null, 'min_patients is -1; it must be a whole number, 0 or more'],
  ['min_patients', 30.5, null, 'it must be a whole number, 0 or more'],
  ['corridor_eur.floor', 1, null, 'corridor_eur.floor is 1; it must be 0 or less'],
  ['corridor_eur.cap', -1, null, 'corridor_eur.cap is -1; it must be 0 or more'],
  ['gates', [], null, 'it must be a list of gates, with at least one'],
  ['gates', [{ gate: 'g', weight: 1 }], 'gates[0]', 'gates[0] is a gate with none of them; a gate has exactly one of'],
  ['gates', [{ gate: 'g', weight: 1, at_least: 1, at_most: 2 }], 'gates[0]', 'a gate with at_least and at_most;'],
  ['gates', [{ gate: 'g', weight: 1.2, at_least: 1 }], 'gates[0].weight', 'it must lie between 0 and 1'],
  ['gates', [{ gate: 'g', at_least: 1 }], 'gates[0].weight', 'this key is required'],
  ['gates', [{ weight: 1, at_least: 1 }], 'gates[0].gate', 'this key is required'],
  ['gates', [{ gate: 'g', weight: 1, at_least: 'much' }], 'gates[0].at_least', 'it must be a number'],
  [
    'gates',
    [{ gate: 'min_patients', weight: 1, equals: 3 }],
    'gates[0].equals',
    'it is compared by at_least or at_most',
  ],
  ['budget_eur', -1, null, 'budget_eur is -1; it must be 0 or more'],
  ['bundled', {}, 'bundled.components', 'this key is required'],
  ['bundled.components', [{}], 'bundled.components[0].activity', 'this key is required'],
  ['bundled', { components: [], advance_share: 2 }, 'bundled.advance_share', 'it must lie between 0 and 1'],
  ['attribution', [{ kind: 'gp_practice', share: 0.7 }], 'attribution', 'attribution is shares that sum to 0.7; the'],
  ['attribution', [{ kind: 'gp', share: 1 }], 'attribution[0].kind', 'it must be one of gp_practice, care_group'],
  ['attribution', [{ kind: 'gp_practice', share: 1.5 }], 'attribution[0].share', 'it must lie between 0 and 1'],
  [
    'attribution',
    [
      { kind: 'hospital', share: 0.5 },
      { kind: 'hospital', share: 0.5 },
    ],
    'attribution[1].kind',
    'it was named before, in attribution[0].kind; name it once',
  ],
]

describe('a contract that is refused', () => {
  test.each(refused)('%s = %j', (path, value, reported, sentence) => {
    const faults = faultsOf(changed(path, value))
    const fault = faults.find((fault) => fault.path === (reported ?? path))
    expect(fault?.sentence, JSON.stringify(faults)).toContain(sentence)
    expect(refusalOf(changed(path, value)).message).toContain(sentence)
  })

  test('a partner in both lists', () => {
    const document = { ...least(), partners: ['p01', 'p90'], control: ['p90'], trend: 'control' }
    expect(faultsOf(document)).toEqual([
      {
        path: 'partners[1]',
        found: '"p90"',
        sentence: 'partners[1] is "p90"; this partner is in control too; it can be in one of the two only',
      },
    ])
  })

  test('a measure whose better is a window needs a target', () => {
    const document = { ...least(), programme: 'telebegeleiding_hf', outcomes: [{ ...outcome, measure: 'weight' }] }
    expect(faultsOf(document).map(({ path }) => path)).toEqual(['outcomes[0].target'])
    const aimed = { ...document, outcomes: [{ ...outcome, measure: 'weight', target: [70, 74] }] }
    expect(contractOf(aimed, programmes).outcomes[0]?.target).toEqual([70, 74])
  })

  test.each([undefined, null, 3, 'contract', [least()]])('what is no mapping at all: %j', (document) => {
    expect(faultsOf(document)).toHaveLength(1)
    expect(refusalOf(document).message).toContain('it must be a mapping with the keys contract, title, programme')
  })

  test('every fault is reported at once, the first one first', () => {
    const outcomes = [{ ...outcome, window_days: 400, price_eur: 0 }]
    const refusal = refusalOf({ ...least(), outcomes, budget_eur: -1, bonus: 1 })
    expect(refusal.code).toBe('invalid_contract')
    expect(refusal.message.split('\n')).toEqual([
      expect.stringMatching(/^contract north-2025 is refused \(and 3 more\): bonus is 1; this key is unknown; .*\.$/),
      expect.stringMatching(/^- outcomes\[0\]\.window_days is 400; it must be below horizon_days \(365\), .*\.$/),
      '- outcomes[0].price_eur is 0; it must be above 0.',
      '- budget_eur is -1; it must be 0 or more.',
    ])
  })

  test('one fault is not reported again as another', () => {
    const outcomes = [{ ...outcome, horizon_days: 'a year', target: 'low' }]
    expect(faultsOf({ ...least(), outcomes }).map(({ path }) => path)).toEqual([
      'outcomes[0].horizon_days',
      'outcomes[0].target',
    ])
  })
})

describe('a contract that is accepted', () => {
  test('says the least, and the defaults say the rest', () => {
    expect(contractOf(least(), programmes)).toEqual({
      contract: 'north-2025',
      title: 'North 2025',
      programme: 'dm2',
      insurers: null,
      partners: null,
      period: { start: '2025-01-01', end: '2025-12-31' },
      reference: { start: '2021-01-01', end: '2024-12-31', partners: null },
      control: [],
      outcomes: [
        {
          measure: 'hba1c',
          priceEur: 12.5,
          countedRange: null,
          target: null,
          horizonDays: 365,
          windowDays: 120,
          baselineDays: 450,
        },
      ],
      missing: 'doubly_robust',
      pessimisticShiftSd: 0,
      history: 'own',
      levelWeight: 1,
      trend: 'none',
      credibility: 'estimated',
      share: { gain: 0.5, loss: 0 },
      deadBand: { eur: 0, z: 0 },
      minPatients: 30,
      corridorEur: { floor: null, cap: null },
      gates: [],
      budgetEur: null,
      bundled: null,
      attribution: [],
    })
  })

  test('says everything', () => {
    const component = { activity: 'check', provider: 'nurse', prevalence: 3, minutes: 20, hourly_eur: 60 }
    const contract = contractOf(
      {
        ...least(),
        insurers: ['7095', 3311],
        partners: ['p01'],
        control: ['p90'],
        trend: 'control',
        history: 'none',
        missing: 'zero',
        level_weight: 0,
        pessimistic_shift_sd: 0.3,
        excess_missing: 'deduct',
        credibility: { between_sd: { hba1c: 1.2 } },
        dead_band: { z: 1 },
        min_patients: 0,
        corridor_eur: { floor: 0, cap: 0 },
        gates: [
          { gate: 'benchmark', equals: true, weight: 0.25 },
          { gate: 'min_patients', at_least: 100, weight: 1 },
          { gate: 'max_left_share', at_most: 0.1, weight: 0 },
          { gate: 'max_excess_deaths', at_most: 0, weight: 1 },
          { gate: 'max_late_share', at_most: 0.2, weight: 0.5 },
        ],
        budget_eur: 0,
        bundled: { components: [component], advance_share: 0.8 },
        attribution: [
          { kind: 'gp_practice', share: 0.1 },
          { kind: 'hospital', share: 0.2 },
          { kind: 'home_care', share: 0.7 },
        ],
      },
      programmes,
    )
    expect(contract).toMatchObject({
      insurers: ['7095', '3311'],
      partners: ['p01'],
      control: ['p90'],
      trend: 'control',
      history: 'none',
      missing: 'zero',
      levelWeight: 0,
      pessimisticShiftSd: 0.3,
      excessMissing: 'deduct',
      credibility: { betweenSd: { hba1c: 1.2 } },
      deadBand: { eur: 0, z: 1 },
      minPatients: 0,
      corridorEur: { floor: 0, cap: 0 },
      gates: [
        { gate: 'benchmark', weight: 0.25, rule: { equals: 'true' } },
        { gate: 'min_patients', weight: 1, rule: { atLeast: 100 } },
        { gate: 'max_left_share', weight: 0, rule: { atMost: 0.1 } },
        { gate: 'max_excess_deaths', weight: 1, rule: { atMost: 0 } },
        { gate: 'max_late_share', weight: 0.5, rule: { atMost: 0.2 } },
      ],
      budgetEur: 0,
      bundled: {
        components: [{ activity: 'check', provider: 'nurse', prevalence: 3, minutes: 20, hourlyEur: 60 }],
        advanceShare: 0.8,
      },
    })
    expect(contract.attribution.map(({ share }) => share)).toEqual([0.1, 0.2, 0.7])
  })

  test('none deducted is what a contract without the clause says, so that both have one hash', () => {
    expect(contractOf(changed('excess_missing', 'none'), programmes)).toEqual(
      contractOf(changed('excess_missing', undefined), programmes),
    )
  })

  test('a reference that ends the day before the contract', () => {
    expect(contractOf(changed('reference.end', '2024-12-31'), programmes).reference.end).toBe('2024-12-31')
  })
})
