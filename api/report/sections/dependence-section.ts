/** What a payment depends on: how much of it is the collective mean's, and what it would be without each control partner. */
import { withMeanAlone } from '../../../engine/explain/dependence.ts'
import { markup, type Html } from '../elements/html.ts'
import { numeric, tableOf, text, type Row } from '../elements/table.ts'
import type { View } from '../elements/view.ts'
import { dependenceWords } from '../words/episode-words.ts'

/** More columns than these do not fit a page of paper; the rest go to a table of their own. */
const MOST_CONTROLS = 5

export const dependenceTitle = (view: View): string => dependenceWords(view).title

export const dependence = (view: View): Html => {
  const own = dependenceWords(view)
  return markup`<h3>${own.meanTitle}</h3>
    ${meanPart(view)}
    <h3>${own.controlsTitle}</h3>
    ${controlPart(view)}`
}

function meanPart(view: View): Html {
  const { settlement, contract, format, panels, words } = view
  const own = dependenceWords(view)
  const alone = withMeanAlone(settlement, contract)
  if (alone === null || panels.shown.length === 0) return markup`<p>${own.noMean}</p>`
  const rows = panels.shown.map(({ partner_id, payment_cents }): Row => {
    const ofMean = alone.find((each) => each.partner_id === partner_id)?.payment_cents ?? 0
    return {
      cells: [
        view.nameOf(partner_id),
        format.cents(ofMean),
        format.cents(payment_cents - ofMean),
        markup`<strong>${format.cents(payment_cents)}</strong>`,
      ],
    }
  })
  return markup`<p>${own.meanIntro}</p>
    ${tableOf(own.meanTitle, [text(words.partner), ...[own.ofMean, own.own, words.payment].map(numeric)], rows)}`
}

function controlPart(view: View): Html {
  const { contract, controlEffects, panels } = view
  const own = dependenceWords(view)
  if (contract.trend !== 'control' || panels.shown.length === 0) return markup`<p>${own.noControls}</p>`
  if (controlEffects.length === 0) return markup`<p>${own.notKept}</p>`
  const groups = Array.from({ length: Math.ceil(controlEffects.length / MOST_CONTROLS) }, (_, at) =>
    controlEffects.slice(at * MOST_CONTROLS, (at + 1) * MOST_CONTROLS),
  )
  return markup`<p>${own.controlsIntro}</p>
    ${groups.map((group) => controlTable(view, group))}`
}

function controlTable(view: View, group: View['controlEffects']): Html {
  const { format, panels, words, controlEffects } = view
  const own = dependenceWords(view)
  const centsOf = ({ payments }: View['controlEffects'][number], partnerId: string): number =>
    payments.find(({ partner_id }) => partner_id === partnerId)?.payment_cents ?? 0
  const rows = panels.shown.map(({ partner_id, payment_cents }): Row => {
    const all = controlEffects.map((effect) => centsOf(effect, partner_id))
    return {
      cells: [
        view.nameOf(partner_id),
        markup`<strong>${format.cents(payment_cents)}</strong>`,
        format.cents(Math.min(...all)),
        format.cents(Math.max(...all)),
        ...group.map((effect) => format.cents(centsOf(effect, partner_id))),
      ],
    }
  })
  const controls = group.map(({ control_id }) => numeric(own.without(view.nameOf(control_id))))
  const columns = [text(words.partner), ...[words.payment, own.least, own.most].map(numeric), ...controls]
  return tableOf(own.controlsTitle, columns, rows)
}
