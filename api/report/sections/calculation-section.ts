/** Every payment worked out from patients to cents, in equations that hold as they are printed. */
import { bridgeOf, calculationsOf, type Calculation } from '../../../engine/explain/calculation.ts'
import type { CalculationStep } from '../../../engine/explain/calculation-steps.ts'
import { tellsOfFew } from '../../../engine/disclosure/told-missing.ts'
import type { PartnerStatement } from '../../../engine/settlement/statement.ts'
import { scaleOf, stepBar } from '../charts/step-bar.ts'
import { amountText, equationOf, type AmountWords } from '../elements/equation.ts'
import { markup, type Content, type Html } from '../elements/html.ts'
import { numeric, tableOf, text, type Row } from '../elements/table.ts'
import { reasonText, type View } from '../elements/view.ts'
import { calculationWords } from '../words/episode-words.ts'

export const calculationTitle = (view: View): string => calculationWords(view).title

const amountWords = (view: View): AmountWords => ({ format: view.format, years: calculationWords(view).years })

/** Steps that show an amount from 0, not a change. */
const WHOLE = new Set<CalculationStep['step']>(['patients', 'price', 'together', 'payment'])

/** The partners that stand by themselves, with patient-years, and their calculations. */
function calculationsShown({ settlement, contract, panels }: View) {
  const shown = panels.shown.filter(({ patient_years }) => patient_years > 0)
  const ids = shown.map(({ partner_id }) => partner_id)
  return { shown, partners: calculationsOf(settlement, contract, ids).partners }
}

export function calculations(view: View): Html {
  const own = calculationWords(view)
  const { shown, partners } = calculationsShown(view)
  if (shown.length === 0) return markup`<p>${view.words.limitAllSmall}</p>`
  return markup`<p>${own.intro}</p>
    <p>${own.precision}</p>
    ${partners.map((calculation, i) => calculationTable(view, shown[i]!, calculation))}`
}

function calculationTable(view: View, partner: PartnerStatement, { steps }: Calculation): Html {
  const own = calculationWords(view)
  const scale = scaleOf(steps.flatMap(({ moves }) => (moves ? [moves] : [])))
  const rows: Row[] = []
  let measure: string | null = null
  for (const step of steps) {
    if (step.measure !== null && step.measure !== measure)
      rows.push({ kind: 'group', cells: [own.outcome(view.titleOf(step.measure), view.unitOf(step.measure))] })
    else if (step.measure === null && measure !== null) rows.push({ kind: 'group', cells: [own.left] })
    measure = step.measure
    rows.push({
      ...(step.step === 'payment' ? { kind: 'total' } : {}),
      cells: [
        nameOf(view, partner, step),
        equationText(view, partner, step),
        step.moves ? stepBar(step.moves, scale, WHOLE.has(step.step)) : '',
      ],
    })
  }
  const reason = reasonText(view, partner.reason)
  return markup`<h3>${view.nameOf(partner.partner_id)}</h3>
    ${tableOf(own.caption(view.nameOf(partner.partner_id)), [text(own.step), text(own.equation), text('')], rows, 'steps')}
    ${reason === '' ? null : markup`<p>${view.words.noPaymentYet(reason)}</p>`}`
}

function nameOf(view: View, partner: PartnerStatement, { step, measure }: CalculationStep): Content {
  const own = calculationWords(view)
  const outcome = partner.outcomes.find((each) => each.measure === measure)
  if (step === 'patients') return own.patients(view.format.count(outcome?.eligible ?? 0))
  const isAlike = view.settlement.outcomes.some((each) => each.measure === measure && each.between_variance === 0)
  return step === 'collective' && isAlike
    ? markup`${own.names[step]}<br /><small>${own.everybody}</small>`
    : own.names[step]
}

function equationText(view: View, partner: PartnerStatement, step: CalculationStep): Content {
  const words = amountWords(view)
  const { equation, result } = step
  if (tellsOfFew(partner, step))
    return markup`<strong>${amountText(words, result)}</strong>
      <small>(${calculationWords(view).fewMissing})</small>`
  return equation ? equationOf(words, equation) : markup`<strong>${amountText(words, result)}</strong>`
}

/** What each outcome adds to a payment, and what the clauses of the contract then change. */
export function outcomeValues(view: View): Html | null {
  const { format, words } = view
  const own = calculationWords(view)
  const { shown, partners } = calculationsShown(view)
  if (shown.length === 0) return null
  const rows = shown.map((partner, i): Row => {
    const { outcomes, clauses } = bridgeOf(partners[i]!, view.contract, partner.payment_cents)
    return {
      cells: [
        view.nameOf(partner.partner_id),
        ...outcomes.map((cents) => (cents === null ? '–' : format.cents(cents))),
        format.cents(clauses),
        markup`<strong>${format.cents(partner.payment_cents)}</strong>`,
      ],
    }
  })
  const columns = [
    text(words.partner),
    ...view.contract.outcomes.map(({ measure }) => numeric(view.titleOf(measure))),
    numeric(own.clauses),
    numeric(words.payment),
  ]
  return markup`<h3>${own.valuesTitle}</h3>
    <p>${own.valuesIntro}</p>
    ${tableOf(own.valuesTitle, columns, rows)}`
}
