/** The limits of the data: few patients, no history, no difference, wide intervals, missing outcomes. */
import type { Contract } from '../../../engine/contract/contract.ts'
import { markup, type Html } from '../elements/html.ts'
import { namesOf } from './payment-sections.ts'
import { listed, type View } from '../elements/view.ts'

/** Below this share measured a reader should know; the number is ours, the contract's own gate may differ. */
const WELL_MEASURED = 0.7

/** With fewer, the variance between partners is better agreed than estimated (method.md 4.6). */
const FEW_PARTNERS = 8

const agreedOf = (credibility: Contract['credibility'], measure: string): number | undefined =>
  typeof credibility === 'string' ? undefined : credibility.betweenSd[measure]

export function limits(view: View): Html {
  const { settlement, contract, words, format, panels } = view
  const sentences: string[] = []
  if (panels.folded) {
    const { partnerIds } = panels.folded
    const count = words.partnersCount(partnerIds.length, format.count(partnerIds.length))
    const minimum = format.count(Math.max(contract.minPatients, 10))
    sentences.push(words.limitSmall(count, minimum, namesOf(view, partnerIds)))
    if (panels.shown.length === 0) sentences.push(words.limitAllSmall)
  }
  for (const { partner_id } of panels.shown) {
    const { practices = 1, small = 0 } = view.practices[partner_id] ?? {}
    if (practices < 2 || small === 0) continue
    const counts = [format.count(practices), format.count(small), format.count(contract.minPatients)] as const
    sentences.push(words.limitPractices(view.nameOf(partner_id), ...counts))
  }
  if (settlement.partners.length === 1) sentences.push(words.limitOnePartner)
  sentences.push(...aboutOutcomes(view))
  if (contract.control.length === 0) sentences.push(words.limitNoControl)
  const wide = panels.shown.filter(
    ({ payment_cents, interval90_cents: [low, high] }) => payment_cents !== 0 && low <= 0 && high >= 0,
  )
  if (wide.length > 0)
    sentences.push(
      words.limitWide(
        namesOf(
          view,
          wide.map((partner) => partner.partner_id),
        ),
      ),
    )
  const missing = panels.shown.filter((partner) =>
    partner.outcomes.some((outcome) => outcome.eligible >= 10 && outcome.measured < WELL_MEASURED * outcome.eligible),
  )
  if (missing.length > 0)
    sentences.push(
      words.limitMissing(
        namesOf(
          view,
          missing.map((partner) => partner.partner_id),
        ),
      ),
    )
  sentences.push(words.limitCutoff(format.day(settlement.as_of)), words.limitWhole)
  return markup`<ul class="limits">
    ${sentences.map((sentence) => markup`<li>${sentence}</li>`)}
  </ul>`
}

function aboutOutcomes(view: View): string[] {
  const { settlement, contract, words, format } = view
  const titles = (chosen: readonly { readonly measure: string }[]): string =>
    listed(
      view,
      chosen.map((outcome) => view.titleOf(outcome.measure)),
    )
  const sentences: string[] = []
  const without = settlement.outcomes.filter((outcome) => outcome.placebo_years === 0)
  const few = settlement.outcomes.filter((outcome) => outcome.placebo_years === 1)
  const alike = settlement.outcomes.filter((outcome) => outcome.between_variance === 0)
  if (contract.history === 'own' && without.length > 0) sentences.push(words.limitNoPlacebo(titles(without)))
  if (contract.history === 'own' && few.length > 0) sentences.push(words.limitFewPlacebo(format.count(1), titles(few)))
  const trendless = settlement.outcomes.filter((outcome) => contract.trend === 'control' && outcome.trend_se === 0)
  if (trendless.length > 0) sentences.push(words.limitNoTrend(titles(trendless)))
  if (alike.length > 0) sentences.push(words.limitNoDifference(titles(alike)))
  const { credibility } = contract
  const estimated = settlement.outcomes.filter(
    ({ measure, between_variance }) =>
      between_variance !== null && (credibility === 'estimated' || agreedOf(credibility, measure) === undefined),
  )
  if (settlement.partners.length < FEW_PARTNERS && estimated.length > 0)
    sentences.push(words.limitAgree(titles(estimated)))
  return sentences
}
