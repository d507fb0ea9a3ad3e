import { describe, expect, test } from 'vitest'
import type { ReportCard } from '../../../api/report/elements/card.ts'
import { reportOf } from '../../../api/report/report.ts'
import { en } from '../../../api/report/words/en.ts'
import { nl } from '../../../api/report/words/nl.ts'
import { tippingOf } from '../../../engine/explain/tipping.ts'
import { contract, input, partnerOf, partners, settlementOf } from '../../support/settlements/report-example.ts'

const report = reportOf(input)
const textOf = (page: string): string => page.replace(/<style>[\s\S]*?<\/style>/g, '').replace(/<[^>]*>/g, ' ')

test('the same input gives the same bytes, whatever was drawn before', () => {
  reportOf({ ...input, lang: 'en', settlement: settlementOf(partners.slice(2)) })
  expect(reportOf(input)).toBe(report)
})

test('the page is whole in itself: no script, nothing fetched', () => {
  expect(report).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)|javascript:|\son[a-z]+=/i)
  const addresses = [...report.matchAll(/https?:\/\/[^"' )]+/g)].map(([address]) => address)
  expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg']))
})

test('a name that is markup is shown as text, in tables and charts alike', () => {
  expect(report).toContain('&lt;script&gt;alert(&quot;p04&quot;)&lt;/script&gt;')
  const hostile = { p01: '"><svg onload=alert(1)>', p03: "' onfocus='x" }
  const page = reportOf({ ...input, partnerNames: hostile, contract: { ...contract, title: '</title><script>x' } })
  expect(page).not.toMatch(/<svg onload|<script/)
  // every attribute stays an attribute: no tag holds one of the hostile handlers
  expect(
    [...page.matchAll(/<[a-z][^>]*>/gi)].some(([tag]) =>
      /\son(load|focus)\s*=\s*['"a]/.test(tag.replace(/"[^"]*"/g, '""')),
    ),
  ).toBe(false)
})

test('amounts are written the Dutch way, and the English way in English', () => {
  const total = input.settlement.totals.payment_cents
  expect(report).toContain(`€\u00a0${Math.floor(total / 100_000)}.`)
  expect(report).toContain('\u2212€\u00a0875,42')
  expect(reportOf({ ...input, lang: 'en' })).toContain('\u2212€875.42')
})

test('beside each payment it says how much worse the missing would have to be, and what the contract covers', () => {
  const covered = { ...contract, pessimisticShiftSd: 0.3 }
  const text = textOf(reportOf({ ...input, contract: covered }))
  expect(text).toContain('Het contract trekt bij voorbaat 0,30 residuele standaarddeviatie af')
  const { gap_sd, outcomes } = tippingOf(input.settlement, covered, 'p01')
  expect(gap_sd).toBeGreaterThan(0.3)
  expect(text).toContain(`de bonus verdwijnt als zij ${gap_sd!.toFixed(2).replace('.', ',')} sd slechter af zijn`)
  expect(text).toContain(outcomes[0]!.gap!.toFixed(1).replace('.', ','))
  expect(textOf(reportOf({ ...input, lang: 'en' }))).toContain('deducts nothing beforehand')
})

test('it says how amounts were rounded and split, in the words of its contract', () => {
  expect(textOf(report)).toContain('op hele centen. Een halve cent gaat van nul af.')
  expect(textOf(report)).toContain('zoals het contract zegt: huisartsenpraktijk 70% en diagnostisch centrum 30%')
  const page = reportOf({ ...input, lang: 'en', contract: { ...contract, budgetEur: 100 } })
  expect(textOf(page)).toContain('pass the budget of €100.00. All are multiplied by the same number')
})

describe('small panels', () => {
  test('are folded into one row, named and said plainly, without a figure of their own', () => {
    const text = textOf(report)
    expect(text).toContain('Partners met weinig patiënten samen (2 partners)')
    expect(text).toContain(
      '2 partners hebben minder dan 30 patiënten die meetellen: Huisarts Kleinedorp en Huisarts Achterveld',
    )
    expect(report).not.toMatch(/<th scope="row">Huisarts (Kleinedorp|Achterveld)<\/th>/)
    expect(report).toMatch(/Partners met weinig patiënten samen[\s\S]{0,80}<td class="n">25<\/td>/)
  })

  test('fewer than ten people together have no number at all, and no total gives them away', () => {
    const few = [partnerOf('p01', 412, [1.9, 0.8]), partnerOf('p07', 8, [-4.1, 0.9])]
    const page = reportOf({ ...input, settlement: settlementOf(few) })
    expect(page).toMatch(/Partners met weinig patiënten samen \(1 partner\)<\/th>\s*<td class="n">minder dan 10<\/td>/)
    expect(textOf(page)).not.toMatch(/\b420\b/)
  })

  test('inside a partner are reported too: practices, not people', () => {
    const page = reportOf({
      ...input,
      practices: { p03: { practices: 17, small: 16 }, p01: { practices: 1, small: 0 } },
    })
    expect(textOf(page)).toContain(
      'Zorggroep Heuvelland &amp; Maas bestaat uit 17 praktijken; daarvan hebben er 16 minder dan 30',
    )
    expect(textOf(page)).not.toContain('De Linde bestaat uit')
  })

  test('when all are small the statement says that it says nothing about single partners', () => {
    const page = reportOf({
      ...input,
      settlement: settlementOf([partnerOf('p06', 17, [2, 1]), partnerOf('p07', 8, [1, 1])]),
    })
    expect(textOf(page)).toContain(nl.limitAllSmall)
    expect(page).not.toContain('id="payments-')
  })

  test('reasons with few patients are put together', () => {
    expect(textOf(report)).toMatch(/overleden; verhuisd\s+19\b/)
  })

  test('a group of a few predictions is left out of the calibration', () => {
    expect(textOf(report)).toContain('HbA1c, vrouwen')
    expect(textOf(report)).not.toContain('jonger dan 50')
  })
})

test('a reader without sight gets every chart as a labelled picture with a table beside it', () => {
  const charts = [...report.matchAll(/<svg role="img" aria-label="([^"]+)"/g)]
  expect(charts.length).toBeGreaterThanOrEqual(6)
  expect(report).toContain('<html lang="nl">')
  expect([...report.matchAll(/<h1/g)]).toHaveLength(1)
  expect([...report.matchAll(/<caption>/g)].length).toBeGreaterThanOrEqual(9)
  expect([...report.matchAll(/ id="([^"]+)"/g)].length).toBe(
    new Set([...report.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)).size,
  )
})

test('a trend, a past or a difference that could not be found is said', () => {
  const settlement = settlementOf(partners)
  const bare = {
    ...settlement,
    outcomes: settlement.outcomes.map((o) => ({ ...o, placebo_years: 0, between_variance: 0 })),
  }
  const page = textOf(reportOf({ ...input, settlement: bare, contract: { ...contract, control: [], trend: 'none' } }))
  expect(page).toContain('te kort voor een proefjaar (HbA1c en Systolische bloeddruk)')
  expect(page).toContain(nl.limitNoControl)
  expect(page).toContain('verschillen de partners niet meer van elkaar')
  expect(page).toContain(nl.trendNone)
  const silent = { ...settlement, outcomes: settlement.outcomes.map((o) => ({ ...o, trend: 0, trend_se: 0 })) }
  expect(textOf(reportOf({ ...input, settlement: silent }))).toContain(nl.trendUnknown)
})

test('outcomes without figures, and no partner paid, still make a statement', () => {
  const empty = partnerOf('p01', 40, [0, 0])
  const blank = {
    ...empty,
    value_eur_per_patient_year: 0,
    payment_cents: 0,
    reason: 'no_gain' as const,
    outcomes: empty.outcomes.map((o) => ({
      ...o,
      mean_gain: null,
      se: null,
      history: null,
      net_gain: null,
      variance: null,
      credibility: null,
      credible_gain: null,
    })),
  }
  const page = textOf(reportOf({ ...input, settlement: settlementOf([blank]), cards: [] }))
  expect(page).toContain(nl.summaryNone)
  expect(page).toContain(nl.limitOnePartner)
  expect(page).toContain(nl.noCard)
  expect(page).not.toMatch(/NaN|undefined|Infinity/)
})

test('both languages explain the same terms', () => {
  expect(en.glossary).toHaveLength(nl.glossary.length)
  for (const list of ['reasons', 'exclusions', 'gateNames', 'kinds'] as const)
    expect(Object.keys(en[list]).sort()).toEqual(Object.keys(nl[list]).sort())
})

describe('the models behind it', () => {
  const [hba1c, sbp] = input.cards
  const checked: ReportCard = {
    ...hba1c!,
    modelId: '7e1d4c2f8a6b0d9e',
    validation: {
      holds: false,
      checks: [
        { check: 'calibration slope', verdict: 'fails', found: 0.81, interval: [0.78, 0.84], finding: '' },
        { check: 'beats the mean', verdict: 'cannot_be_shown', found: 0.02, interval: null, finding: '' },
      ],
    },
    warnings: [{ code: 'few', sentence: 'Only a few.' }],
  }
  const month = { biasSd: 0.31, biasSdSe: 0.1, slope: 0.8, slopeSe: 0.1, evidence: 312.4 }
  const page = reportOf({
    ...input,
    lang: 'en',
    cards: [checked, sbp!],
    held: [
      { code: 'model_not_validated', measure: 'hba1c' },
      { code: 'drift_alarm', measure: 'sbp' },
    ],
    states: { [checked.modelId!]: { state: 'draft', by: 'winst', on: '2026-03-01' } },
    drift: [
      {
        measure: 'sbp',
        months: [
          { ...month, side: 'control', month: '2025-11-01', measured: 312, bias: 4.44 },
          { ...month, side: 'contract', month: '2025-12-01', measured: 9, bias: 7.77 },
        ],
        alarm: { month: '2025-11-01', kind: 'slope', evidence: 312.4 },
      },
    ],
  })
  const text = textOf(page).replace(/\s+/g, ' ')

  test('hold the settlement in so many words, before anything else', () => {
    expect(page.indexOf('this settlement cannot be released yet')).toBeLessThan(page.indexOf('class="tiles"'))
    expect(text).toContain('The model of HbA1c is a draft')
    expect(text).toContain('the expectations of Systolic blood pressure have drifted')
    expect(report).not.toContain('Aangehouden')
  })

  test('show their state, what was checked, and what the data could not carry', () => {
    expect(text).toContain('HbA1c draft winst 1 March 2026')
    expect(text).toMatch(/0\.810 0\.780 to 0\.840 fails/)
    expect(text).toMatch(/2\.0% – cannot be shown/)
    expect(text).toContain('HbA1c: there is little to learn from')
  })

  test('show every month since of ten people or more, and the alarm', () => {
    expect(text).toContain('Systolic blood pressure: alarm in November 2025, the slope has changed')
    expect(text).toContain('+4.44')
    expect(text).not.toContain('7.77')
  })
})
