/** The statement worked out again from its own text and from settlement.json: every equation, total, share and sentence, in both languages. */
import { describe, expect, test } from 'vitest'
import { reportOf } from '../../../api/report/report.ts'
import type { Lang } from '../../../api/report/words/format.ts'
import type { Programme } from '../../../engine/contract/programme.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { withoutEachControl, type ControlEffect } from '../../../engine/explain/dependence.ts'
import { settlementOf } from '../../../engine/settlement/settlement.ts'
import type { PartnerStatement, Settlement } from '../../../engine/settlement/statement.ts'
import { equationsOf, holds, numberIn, sectionOf, tablesOf, textOf, workedOut } from '../../support/pages/page-text.ts'
import { simulatedSettlement } from '../../support/settlements/simulated-settlement.ts'

const measure = (key: string, unit: string, better: 'lower' | 'higher') =>
  ({ key, title: { nl: key, en: key }, unit, better, plausible: [0, 300], codes: {}, convert: {} }) as const
const programme: Programme = {
  programme: 'dm2',
  title: { nl: 'Diabetes', en: 'Diabetes' },
  conditions: {},
  measures: [
    measure('hba1c', 'mmol/mol', 'lower'),
    measure('sbp', 'mmHg', 'lower'),
    measure('egfr', 'mL/min/1.73m2', 'higher'),
  ],
}

interface Told {
  readonly lang: Lang
  readonly page: string
  readonly settlement: Settlement
  readonly contract: Contract
  readonly shown: readonly PartnerStatement[]
  readonly controlEffects: readonly ControlEffect[]
}

const LANGS = ['nl', 'en'] as const
const told = Array.from({ length: 50 }, (_, at) => at + 1).flatMap((seed): Told[] => {
  const { input } = simulatedSettlement(seed, false, seed % 2 === 0 ? 400 : 60)
  // a narrow corridor for some, or none of them would meet its bounds
  const contract = seed % 3 === 0 ? { ...input.contract, corridorEur: { floor: -0.6, cap: 0.2 } } : input.contract
  const settlement = settlementOf({ ...input, contract })
  const controlEffects = withoutEachControl({ ...input, contract })
  const shown = settlement.partners.filter(({ eligible }) => eligible >= Math.max(10, contract.minPatients))
  return LANGS.map((lang) => {
    const page = reportOf({ settlement, contract, programme, cards: [], partnerNames: {}, lang, controlEffects })
    return { lang, page, settlement, contract, shown, controlEffects }
  })
})

/** Half away from zero, on the decimal text of a double. */
const to = (x: number, decimals: number): number => {
  const [digits = '0', power = '0'] = String(Math.abs(x)).split('e')
  const units = Math.round(Number(`${digits}e${Number(power) + decimals}`))
  return (Math.sign(x) * units) / 10 ** decimals || 0
}
const cents = (text: string, lang: Lang): number => Math.round(100 * (numberIn(text, lang) ?? NaN))
const decimalsOf = (text: string, lang: Lang): number =>
  (/[0-9]/.test(text) ? (text.split(lang === 'nl' ? ',' : '.')[1] ?? '').replace(/[^0-9]/g, '') : '').length

/** The calculation of each partner that is shown, by its rows: name, equation and result. */
function stepsOf({ page, lang, shown }: Told) {
  const tables = tablesOf(sectionOf(page, 'steps'))
  return shown.flatMap((partner) => {
    const table = tables.find(({ caption }) => caption.startsWith(`${partner.partner_id}:`))
    if (!table) return []
    let outcome = ''
    const rows = table.rows.map(({ kind, cells: [name = '', equation = ''] }) => {
      if (kind === 'group') outcome = name.split(',')[0]!
      return {
        outcome,
        name,
        equation,
        result: equation
          .split('=')
          .at(-1)!
          .replace(/\(.*\)/, ''),
      }
    })
    const resultOf = (name: RegExp, of?: string) =>
      rows.findLast((row) => name.test(row.name) && (of === undefined || row.outcome === of))
    return [{ partner, rows, resultOf, lang }]
  })
}

test('the fifty settlements have among them every kind of step that a contract can bring', () => {
  const all = told.filter(({ lang }) => lang === 'nl').map(({ page }) => textOf(sectionOf(page, 'steps')))
  const kinds = [
    'Eigen verleden eraf',
    'Trend van de controlegroep',
    'Eigen gewicht',
    'Alle uitkomsten samen',
    'Drempel eraf',
  ]
  const more = [
    'valt erbinnen',
    'Deel van de partner',
    'hoger dan het maximum',
    'lager dan het minimum',
    'kwaliteitseisen',
  ]
  const rare = [
    'Wat het budget overlaat',
    'Na aftrek voor ontbrekende',
    'meer dan door toeval',
    'Afronding op hele centen',
  ]
  for (const kind of [...kinds, ...more, ...rare])
    expect(
      all.some((text) => text.includes(kind)),
      kind,
    ).toBe(true)
})

describe('every equation', () => {
  test('holds at the precision that it is printed with', () => {
    const equations = told.flatMap(({ page, lang }) => equationsOf(page).map((text) => ({ text, lang })))
    expect(equations.length).toBeGreaterThan(1000)
    expect(equations.filter(({ text, lang }) => !holds(workedOut(text, lang))).map(({ text }) => text)).toEqual([])
  })

  test('is all that holds: with another last digit none does', () => {
    for (const { page, lang } of told.slice(0, 20))
      for (const text of equationsOf(page)) {
        const turned = text.replace(/[0-9](?=[^0-9]*$)/, (digit) => String((Number(digit) + 1) % 10))
        expect(holds(workedOut(turned, lang)), turned).toBe(false)
      }
  })

  test('begins with the figures of settlement.json and ends with its cents', () => {
    let checked = 0
    for (const { partner, rows, resultOf, lang } of told.flatMap(stepsOf)) {
      const reads = (row: { equation: string; result: string } | undefined, x: number | null, slack = 0) => {
        if (!row || x === null) return
        checked++
        const decimals = decimalsOf(row.result, lang)
        const away = Math.abs((numberIn(row.result, lang) ?? NaN) - to(x, decimals))
        expect(away, `${partner.partner_id}: ${row.equation} for ${x}`).toBeLessThanOrEqual(
          (slack + 0.01) / 10 ** decimals,
        )
      }
      for (const outcome of partner.outcomes) {
        reads(resultOf(/patiënten|patients/, outcome.measure), outcome.mean_gain)
        reads(resultOf(/Trend|trend/, outcome.measure), outcome.net_gain, 2)
        reads(resultOf(/Eigen gewicht|Own weight/, outcome.measure), outcome.credible_gain, 2)
      }
      reads(resultOf(/Waarde per|Value per/), partner.value_eur_per_patient_year)
      expect(cents(rows.at(-1)!.result, lang)).toBe(partner.payment_cents)
    }
    expect(checked).toBeGreaterThan(500)
  })

  test('begins with the result of the one before', () => {
    for (const { rows, partner } of told.flatMap(stepsOf))
      rows.forEach(({ name, equation }, i) => {
        const before = rows[i - 1]
        if (!/Eigen verleden|Own past|own past|Trend|trend|Geloofwaardige|Credible/.test(name)) return
        const result = before!.result.trim().replace(/^[+\u2212]/, '')
        expect(equation, `${partner.partner_id} ${name}`).toContain(result)
      })
  })
})

test('no payment is left with a part that its figures do not explain', () => {
  for (const { page } of told)
    expect(textOf(page)).not.toMatch(/niet uit deze cijfers volgt|does not follow from these figures/)
})

test('the total is the sum of its rows, in every table that has one', () => {
  let totals = 0
  for (const { page, lang } of told)
    for (const { rows, heads, caption } of tablesOf(page)) {
      const [sums, parts] = [
        rows.filter(({ kind }) => kind === 'total'),
        rows.filter(({ kind }) => kind !== 'total' && kind !== 'group'),
      ]
      if (sums.length !== 1 || rows.at(-1) !== sums[0] || heads.length < 2 || heads.length !== sums[0]!.cells.length)
        continue
      sums[0]!.cells.forEach((cell, column) => {
        const [whole, each] = [numberIn(cell, lang), parts.map(({ cells }) => numberIn(cells[column]!, lang))]
        if (column === 0 || whole === null || each.some((x, i) => x === null && parts[i]!.cells[column] !== '–')) return
        totals++
        expect(
          to(
            each.reduce<number>((sum, x) => sum + (x ?? 0), 0),
            2,
          ),
          `${caption}, ${heads[column]}`,
        ).toBe(whole)
      })
    }
  expect(totals).toBeGreaterThan(400)
})

test('the values of the outcomes and what the clauses change add up to the payment', () => {
  for (const told1 of told) {
    const table = tablesOf(told1.page).find(({ heads }) =>
      heads.some((head) => /Drempel, deling|Dead band, sharing/.test(head)),
    )
    for (const { cells } of table?.rows ?? []) {
      const parts = cells.slice(1).map((cell) => (cell === '–' ? 0 : cents(cell, told1.lang)))
      expect(parts.slice(0, -1).reduce((sum, part) => sum + part, 0)).toBe(parts.at(-1))
    }
  }
})

test('a payment is its own part and the part of the mean, and stands beside itself without each control', () => {
  let [means, controls] = [0, 0]
  for (const { page, lang, shown, controlEffects } of told)
    for (const { heads, rows } of tablesOf(sectionOf(page, 'dependence')))
      for (const { cells } of rows) {
        const partner = shown.find(({ partner_id }) => partner_id === cells[0])!
        const [first, ...others] = cells.slice(1).map((cell) => cents(cell, lang))
        if (heads.length === 4 && !/^(Zonder|Without)/.test(heads.at(-1)!)) {
          means++
          expect(first! + others[0]!).toBe(others[1])
          expect(others[1]).toBe(partner.payment_cents)
        } else {
          controls++
          expect(first).toBe(partner.payment_cents)
          const all = controlEffects.map(({ payments }) => payments.find((each) => each.partner_id === cells[0])!)
          expect(others.slice(2)).toEqual(all.map(({ payment_cents }) => payment_cents))
          expect(others.slice(0, 2)).toEqual([Math.min(...others.slice(2)), Math.max(...others.slice(2))])
        }
      }
  expect(Math.min(means, controls)).toBeGreaterThan(25)
})

test('sentence, tile and table name the amounts of settlement.json', () => {
  for (const { page, lang, settlement } of told) {
    const text = textOf(page)
    const amount = (value: number) => {
      const [whole, rest] = [Math.floor(Math.abs(value) / 100), String(Math.abs(value) % 100).padStart(2, '0')]
      const grouped = String(whole).replace(/\B(?=(\d{3})+(?!\d))/g, lang === 'nl' ? '.' : ',')
      return `${value < 0 ? '\u2212' : ''}${lang === 'nl' ? '€\u00a0' : '€'}${grouped}${lang === 'nl' ? ',' : '.'}${rest}`
    }
    const paid = settlement.partners.map(({ payment_cents }) => payment_cents)
    const [gains, losses] = [paid.filter((value) => value > 0), paid.filter((value) => value < 0)]
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
    expect(text).toContain(
      `${lang === 'nl' ? 'Betaling voor gezondheidswinst' : 'Payment for health gained'}${amount(settlement.totals.payment_cents)}`,
    )
    const lead = textOf(/<p class="lead">[\s\S]*?<\/p>/.exec(page)![0])
    const counts = [...lead.matchAll(/(?<![0-9.,€\u00a0])[0-9]+(?![0-9.,]*[.,][0-9])/g)].map(([n]) => Number(n))
    if (gains.length > 0) {
      expect(lead).toContain(amount(sum(gains)))
      if (paid.length > 1) expect(counts.slice(0, 2)).toEqual([gains.length, paid.length])
    }
    if (losses.length > 0) expect(lead).toContain(amount(-sum(losses)))
    for (const one of settlement.partners.filter(({ partner_id }) =>
      page.includes(`<th scope="row">${partner_id}</th>`),
    ))
      expect(text).toContain(amount(one.payment_cents))
  }
})

test('shares measured are those of settlement.json for the outcome, or a bound where they would tell of fewer than ten', () => {
  let shares = 0
  for (const { page, lang, shown, contract } of told)
    contract.outcomes.forEach(({ measure: key }, k) => {
      const table = tablesOf(sectionOf(page, 'gain')).find(({ caption }) => caption.startsWith(key))
      for (const { partner_id, outcomes } of shown) {
        const { eligible, measured } = outcomes[k]!
        const cell = table!.rows.find(({ cells }) => cells[0] === partner_id)!.cells[2]!
        const isFew = (n: number) => n > 0 && n < 10
        if (eligible < 10) expect(cell).toBe('–')
        else if (isFew(measured)) expect(cell).toMatch(/minder dan|less than/)
        else if (isFew(eligible - measured)) expect(cell).toMatch(/meer dan|more than/)
        else {
          shares++
          expect(numberIn(cell, lang)).toBe(to(measured / eligible, 2))
        }
      }
    })
  expect(shares).toBeGreaterThan(20)
})

test('gains, intervals and weights of the table are those of settlement.json', () => {
  for (const { page, lang, shown, contract } of told)
    contract.outcomes.forEach(({ measure: key }, k) => {
      const table = tablesOf(sectionOf(page, 'gain')).find(({ caption }) => caption.startsWith(key))!
      for (const { partner_id, outcomes } of shown) {
        const { eligible, net_gain, variance, credibility, credible_gain } = outcomes[k]!
        const cells = table.rows.find((row) => row.cells[0] === partner_id)!.cells
        if (eligible < 10 || net_gain === null) continue
        const reach = 1.645 * Math.sqrt(variance!)
        expect(numberIn(cells[1]!, lang)).toBe(eligible)
        expect(numberIn(cells[3]!, lang)).toBe(to(net_gain, 2))
        const ends = cells[4]!.split(/ tot | to /).map((end) => numberIn(end, lang))
        expect(ends).toEqual([to(net_gain - reach, 2), to(net_gain + reach, 2)])
        expect(numberIn(cells[5]!, lang)).toBe(to(credibility!, 2))
        expect(numberIn(cells[6]!, lang)).toBe(to(credible_gain!, 2))
      }
    })
})

test('the years of a term stand beside each other, and each adds up to what its settlement paid', () => {
  for (const { lang, settlement, contract, shown } of told.slice(0, 30)) {
    const before = {
      ...settlement,
      partners: settlement.partners.map((partner) => ({ ...partner, payment_cents: 3 * partner.payment_cents + 7 })),
    }
    const paid = before.partners.reduce((sum, { payment_cents }) => sum + payment_cents, 0)
    const earlier = { ...before, totals: { ...before.totals, payment_cents: paid } }
    const earlierYears = [{ start: '2023-01-01', settlement: earlier }] as const
    const page = reportOf({ settlement, contract, programme, cards: [], partnerNames: {}, lang, earlierYears })
    const [table] = tablesOf(sectionOf(page, 'years'))
    const own = table!.rows
      .filter(({ kind }) => kind === '')
      .map(({ cells }) => cells.slice(1).map((x) => cents(x, lang)))
    expect(own).toEqual(shown.map(({ payment_cents }) => [3 * payment_cents + 7, payment_cents]))
    const parts = table!.rows.filter(({ kind }) => kind !== 'total')
    for (const column of [1, 2]) {
      const sum = parts.reduce((total, { cells }) => total + cents(cells[column]!, lang), 0)
      expect(cents(table!.rows.at(-1)!.cells[column]!, lang)).toBe(sum)
    }
    expect(cents(table!.rows.at(-1)!.cells[1]!, lang)).toBe(paid)
  }
})

test('amounts are written with a space that does not break and a true minus', () => {
  for (const { page, lang } of told) {
    const text = textOf(page)
    if (lang === 'nl') expect(text.match(/€ [0-9]|€[0-9]/g)).toBeNull()
    expect(text.match(/(^|[^0-9A-Za-z\u00c0-\u024f])-[€0-9]|€-/g)).toBeNull()
    expect(text).not.toMatch(/NaN|undefined|Infinity|\bnull\b/)
  }
})
