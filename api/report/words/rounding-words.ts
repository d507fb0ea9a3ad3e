/** What the statement says about rounding and splitting. */
import type { Lang } from './format.ts'

export interface RoundingTexts {
  readonly title: string
  readonly exact: string
  readonly insurers: string
  readonly chain: string
  readonly once: string
  readonly budgetBound: (budget: string) => string
  readonly budgetFree: (budget: string) => string
  readonly byInsurer: string
  readonly byChain: (shares: string) => string
  readonly negative: string
}

export const ROUNDING_WORDS: Readonly<Record<Lang, RoundingTexts>> = {
  nl: {
    title: 'Afronding en verdeling',
    exact: 'Voor afronding',
    insurers: 'Verzekeraars samen',
    chain: 'Keten samen',
    once: 'Een betaling wordt één keer afgerond, aan het eind: op hele centen. Een halve cent gaat van nul af. De computer rekent tot dan toe met alle cijfers.',
    budgetBound: (budget) =>
      `De positieve betalingen zijn samen hoger dan het budget van ${budget}. Ze zijn allemaal met hetzelfde getal vermenigvuldigd, zodat ze samen precies het budget zijn. Ieder krijgt de hele centen. Een cent die overblijft, gaat naar wie het meest is afgerond.`,
    budgetFree: (budget) =>
      `De positieve betalingen blijven samen binnen het budget van ${budget}. Het budget verandert dus niets.`,
    byInsurer:
      'De verzekeraars delen een betaling naar de patiëntjaren van hun verzekerden. Ieder krijgt de hele centen. Een cent die overblijft, gaat naar wie het meest is afgerond; bij gelijke stand naar de laagste UZOVI-code.',
    byChain: (shares) =>
      `De keten deelt de betaling zoals het contract zegt: ${shares}. De regel is dezelfde; bij gelijke stand geldt de volgorde van het contract.`,
    negative: 'Een negatief bedrag wordt net zo verdeeld. De delen tellen altijd op de cent op tot het geheel.',
  },
  en: {
    title: 'Rounding and splitting',
    exact: 'Before rounding',
    insurers: 'Insurers together',
    chain: 'Chain together',
    once: 'A payment is rounded once, at the end: to whole cents. Half a cent goes away from zero. Until then the computer works with all digits.',
    budgetBound: (budget) =>
      `The positive payments together pass the budget of ${budget}. All are multiplied by the same number, so that together they are exactly the budget. Each gets its whole cents. A cent that is left goes to whom rounding took most from.`,
    budgetFree: (budget) =>
      `The positive payments together stay within the budget of ${budget}. So the budget changes nothing.`,
    byInsurer:
      'Insurers share a payment by the patient-years of the people they insure. Each gets its whole cents. A cent that is left goes to whom rounding took most from; of equals, to the lowest UZOVI code.',
    byChain: (shares) =>
      `The chain shares the payment as the contract says: ${shares}. The rule is the same; of equals, the order of the contract counts.`,
    negative: 'A negative amount is split in the same way. The parts always add up to the whole, to the cent.',
  },
}
