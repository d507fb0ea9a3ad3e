/** The steps from patients to cents: each an equation that holds as printed, and the receipt with every digit and clause. */
import { scaleOf, stepBar } from '../../../report/charts/step-bar.ts'
import { amountText, equationOf } from '../../../report/elements/equation.ts'
import { markup, type Html } from '../../../report/elements/html.ts'
import { CALCULATION_WORDS } from '../../../report/words/calculation-words.ts'
import type { Format } from '../../../report/words/format.ts'
import { column, type Sheet } from '../../files/sheet.ts'
import { tableOf, text, numeric } from '../../elements/table.ts'
import { partnerWords } from '../../words/partner.ts'
import { amountIn, amountWords, equationIn, type PartnerCalculation, type Step } from '../settlement/amounts.ts'
import type { Receipt } from './sheets.ts'
import type { Names, PartnerRow } from '../settlement/settled.ts'

/** Steps that show an amount from 0, not a change. */
const WHOLE = new Set(['patients', 'price', 'together', 'payment'])

/** The step of the receipt in which a step of the calculation can be looked up. */
const IN_RECEIPT: Readonly<Record<string, string>> = {
  patients: 'mean_gain',
  history: 'history',
  trend: 'net_gain',
  collective: 'credible_gain',
  price: 'worth',
  together: 'worth',
  missing: 'value',
  lessMissing: 'value',
  lessExcess: 'excess_missing',
  perYear: 'value',
  deadBand: 'dead_band',
  withinDeadBand: 'dead_band',
  share: 'share',
  floor: 'corridor',
  cap: 'corridor',
  gates: 'gates',
  budget: 'budget',
  rounding: 'payment',
  payment: 'payment',
}

const anchorOf = (measure: string | null, step: string): string => `receipt-${measure ?? 'payment'}-${step}`

export function stepsTable({ steps = [] }: PartnerCalculation, row: PartnerRow, names: Names, format: Format): Html {
  const words = partnerWords[format.lang].page
  const own = CALCULATION_WORDS[format.lang]
  const scale = scaleOf(
    steps.flatMap(({ from_eur: from, to_eur: to }) => (from === null || to === null ? [] : [[from, to] as const])),
  )
  return tableOf(
    {
      caption: words.stepsCaption,
      columns: [text(words.outcome), text(words.step), text(own.equation), text(words.moves)],
      rows: steps.map((step) => [
        step.measure === null ? CALCULATION_WORDS[format.lang].left : names.titleOf(step.measure),
        markup`<a href="#${anchorOf(step.measure, IN_RECEIPT[step.step] ?? step.step)}">${stepName(step, row, format)}</a>`,
        stepText(step, format),
        step.from_eur === null || step.to_eur === null
          ? ''
          : stepBar([step.from_eur, step.to_eur], scale, WHOLE.has(step.step)),
      ]),
    },
    format.lang,
  )
}

/** The same steps as plain texts, for files. */
export function stepsSheet({ steps = [] }: PartnerCalculation, row: PartnerRow, names: Names, format: Format): Sheet {
  const words = partnerWords[format.lang].page
  return {
    caption: words.stepsCaption,
    columns: [column(words.outcome), column(words.step), column(CALCULATION_WORDS[format.lang].equation)],
    rows: steps.map((step) => [
      step.measure === null ? CALCULATION_WORDS[format.lang].left : names.titleOf(step.measure),
      stepName(step, row, format),
      stepText(step, format).text.replaceAll(/<[^>]*>/g, ''),
    ]),
  }
}

function stepName({ step, measure }: Step, row: PartnerRow, format: Format): string {
  const words = CALCULATION_WORDS[format.lang]
  if (step !== 'patients') return (words.names as Readonly<Record<string, string>>)[step] ?? step
  const eligible = row.outcomes.find((each) => each.measure === measure)?.eligible ?? 0
  return words.patients(format.count(eligible))
}

function stepText(step: Step, format: Format): Html {
  const words = amountWords(format)
  const equation = equationIn(step)
  return equation ? equationOf(words, equation) : markup`<strong>${amountText(words, amountIn(step.result))}</strong>`
}

type ReceiptStep = NonNullable<Receipt['payment']>[number]

const written = (value: number | string | null): string =>
  typeof value === 'number' ? String(Number.isInteger(value) ? value : Number(value.toPrecision(8))) : (value ?? '–')

/** The receipt as tables: one an outcome, one from worth to cents. Numbers stand as in the API, with a point. */
export function receiptTables({ outcomes = [], payment = [], contract }: Receipt, names: Names, format: Format): Html {
  const words = partnerWords[format.lang].page
  const rowsOf = (measure: string | null, steps: readonly ReceiptStep[]) =>
    steps.map(({ step, method, clause, formula, numbers, result, unit }) => [
      markup`<span id="${anchorOf(measure, step)}">${step.replaceAll('_', ' ')}</span>`,
      markup`<code>${formula}</code><br><small>${Object.entries(numbers)
        .map(([name, value]) => `${name} = ${written(value)}`)
        .join('; ')}</small>`,
      markup`${written(result)}<br><small lang="en">${unit}</small>`,
      clause === '' ? '' : markup`<a href="/contracts/${contract}"><code>${clause}</code></a>`,
      markup`<a href="/method#${method}">${method}</a>`,
    ])
  const columns = [text(words.step), text(words.formula), numeric(words.result), text(words.clause), text(words.method)]
  const tables = [
    ...outcomes.map(({ measure, steps }) => ({
      title: words.receiptOf(names.titleOf(measure)),
      rows: rowsOf(measure, steps),
    })),
    { title: words.receiptPayment, rows: rowsOf(null, payment) },
  ]
  return markup`<details><summary>${words.receipt}</summary><p>${words.receiptCaption}</p>
${tables.map(({ title, rows }) => tableOf({ caption: title, columns, rows }, format.lang))}</details>`
}
