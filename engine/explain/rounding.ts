/** How an amount was rounded and split, in the words of its contract (method.md 5.6 to 5.8). */
import { centsOf } from '../kernel/allocation.ts'
import type { Contract } from '../contract/contract.ts'
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
  const nl = [
    'Een betaling wordt één keer afgerond, aan het eind: op hele centen, een halve cent van nul af. Alles daarvoor is onafgerond gerekend.',
  ]
  const en = [
    'A payment is rounded once, at the end: to whole cents, half a cent away from zero. Everything before it is computed unrounded.',
  ]
  if (budgetEur !== null && bound) {
    nl.push(
      `De positieve betalingen passeren samen het budget (budget_eur: ${dutch(budgetEur)}). Zij zijn met één factor verlaagd tot zij het budget precies opmaken: ieder de hele centen, de cent die overblijft naar de grootste rest, bij gelijke resten in volgorde van partner_id.`,
    )
    en.push(
      `The positive payments together pass the budget (budget_eur: ${budgetEur}). They are lowered by one factor until they use it up exactly: each its whole cents, a cent that is left to the largest remainder, equal remainders in order of partner_id.`,
    )
  } else if (budgetEur !== null) {
    nl.push(`De positieve betalingen passeren het budget niet (budget_eur: ${dutch(budgetEur)}); het verandert niets.`)
    en.push(`The positive payments do not pass the budget (budget_eur: ${budgetEur}); it changes nothing.`)
  }
  nl.push(
    'De verzekeraars delen een betaling naar de patiëntjaren van hun verzekerden: ieder de hele centen, de centen die overblijven één voor één naar de grootste resten, bij gelijke resten in volgorde van UZOVI-code.',
  )
  en.push(
    'Insurers share a payment by the patient-years of the people they insure: each its whole cents, the cents that are left one by one to the largest remainders, equal remainders in order of UZOVI code.',
  )
  if (attribution.length > 0) {
    nl.push(
      `De keten deelt haar naar het contract (attribution: ${attribution.map(({ kind, share }) => `${kind} ${dutch(share)}`).join('; ')}), met dezelfde regel; bij gelijke resten in de volgorde van het contract.`,
    )
    en.push(
      `The chain shares it by the contract (attribution: ${attribution.map(({ kind, share }) => `${kind} ${share}`).join('; ')}), by the same rule; equal remainders in the order of the contract.`,
    )
  }
  nl.push(
    'Een negatief bedrag wordt verdeeld als zijn spiegelbeeld: de delen tellen altijd op de cent op tot het geheel.',
  )
  en.push('A negative amount is split as its mirror image: the parts always add up to the whole, to the cent.')
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

const dutch = (value: number | string): string => String(value).replace('.', ',')
