/** How an amount was rounded and split, in the words of its contract (method.md 5.6 to 5.8). */
import { centsOf } from '../kernel/allocation.ts'
import { decimalOf, numberOf, productOf } from '../kernel/decimal.ts'
import type { Contract } from '../contract/contract.ts'
import { PARTNER_KIND_NAMES } from '../contract/partner.ts'
import type { PartnerWorth } from './partner-worth.ts'

/** Sentences in the order in which the cents are made. */
export interface RoundingWords {
  readonly nl: readonly string[]
  readonly en: readonly string[]
}

/** Whether the budget scaled the positive payments of a settlement. */
export const isBudgetBound = ({ budgetFactor }: Pick<PartnerWorth, 'budgetFactor'>): boolean => budgetFactor < 1

/** How one contract rounds and splits. */
function roundingRulesOf(contract: Contract, bound: boolean): RoundingWords {
  const { budgetEur, attribution } = contract
  const isOfEpisodes = contract.index === 'enrolment'
  const nl = [
    'Een betaling wordt één keer afgerond, aan het eind: op hele centen. Een halve cent gaat van nul af. Tot dan toe wordt met alle cijfers gerekend.',
  ]
  const en = [
    'A payment is rounded once, at the end: to whole cents, half a cent away from zero. Everything before it is computed unrounded.',
  ]
  if (budgetEur !== null && bound) {
    nl.push(
      `De positieve betalingen zijn samen hoger dan het budget van € ${dutch(budgetEur)}. Ze zijn allemaal met hetzelfde getal vermenigvuldigd, zodat ze samen precies het budget zijn. Ieder krijgt de hele centen. Een cent die overblijft, gaat naar wie het meest is afgerond; bij gelijke stand in de volgorde van de partners.`,
    )
    en.push(
      `The positive payments together pass the budget of EUR ${budgetEur}. All are multiplied by the same number, so that together they are exactly the budget. Each gets its whole cents. A cent that is left goes to whom rounding took most from; of equals, in the order of the partners.`,
    )
  } else if (budgetEur !== null) {
    nl.push(
      `De positieve betalingen blijven samen binnen het budget van € ${dutch(budgetEur)}. Het budget verandert dus niets.`,
    )
    en.push(`The positive payments together stay within the budget of EUR ${budgetEur}. So the budget changes nothing.`)
  }
  nl.push(
    `De verzekeraars delen een betaling naar de ${isOfEpisodes ? 'episodes' : 'patiëntjaren'} van hun verzekerden. Ieder krijgt de hele centen. Een cent die overblijft, gaat naar wie het meest is afgerond; bij gelijke stand naar de laagste UZOVI-code.`,
  )
  en.push(
    `Insurers share a payment by the ${isOfEpisodes ? 'episodes' : 'patient-years'} of the people they insure. Each gets its whole cents. A cent that is left goes to whom rounding took most from; of equals, to the lowest UZOVI code.`,
  )
  if (attribution.length > 0) {
    nl.push(
      `De keten deelt de betaling zoals het contract zegt. ${attribution.map((part) => shareText(part, 'nl')).join('; ')}. De regel is dezelfde; bij gelijke stand geldt de volgorde van het contract.`,
    )
    en.push(
      `The chain shares the payment as the contract says. ${attribution.map((part) => shareText(part, 'en')).join('; ')}. The rule is the same; of equals, the order of the contract counts.`,
    )
  }
  nl.push('Een negatief bedrag wordt net zo verdeeld. De delen tellen altijd op de cent op tot het geheel.')
  en.push('A negative amount is split in the same way. The parts always add up to the whole, to the cent.')
  return { nl, en }
}

/** The same with the amount of one partner in front. */
export function roundingWordsOf(contract: Contract, worth: PartnerWorth): RoundingWords {
  const { partner, steps, isPaid } = worth
  const rules = roundingRulesOf(contract, isBudgetBound(worth))
  const exact = isPaid ? steps.paymentEur : 0
  const [cents, before] = [partner.payment_cents, centsOf(exact)]
  const scaled = cents !== before
  return {
    nl: [
      `Uitgerekend is € ${dutch(exact.toFixed(6))}; ${scaled ? 'binnen het budget' : 'afgerond'} is dat ${cents} cent.`,
      ...rules.nl,
    ],
    en: [
      `What was computed is EUR ${exact.toFixed(6)}; ${scaled ? 'within the budget' : 'rounded'} that is ${cents} cents.`,
      ...rules.en,
    ],
  }
}

/** Huisartsenpraktijk: 70% van de betaling. */
function shareText({ kind, share }: Contract['attribution'][number], lang: 'nl' | 'en'): string {
  const name = PARTNER_KIND_NAMES[lang][kind] ?? kind.replaceAll('_', ' ')
  const percentage = String(numberOf(productOf([decimalOf(share), decimalOf(100)])))
  const named = `${name[0]!.toUpperCase()}${name.slice(1)}`
  return lang === 'nl' ? `${named}: ${dutch(percentage)}% van de betaling` : `${named}: ${percentage}% of the payment`
}

const dutch = (value: number | string): string => String(value).replace('.', ',')
