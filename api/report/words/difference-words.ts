/** What the statement says about what changed since the settlement before. */
import type { Cause } from '../../../engine/explain/difference.ts'
import type { Lang } from './format.ts'

export interface DifferenceWords {
  readonly title: string
  readonly intro: (before: string) => string
  readonly order: string
  readonly unchanged: string
  readonly total: (before: string, after: string) => string
  readonly causes: Readonly<Record<Cause, string>>
  readonly meanings: readonly (readonly [Cause, string])[]
}

export const DIFFERENCE_WORDS: Readonly<Record<Lang, DifferenceWords>> = {
  nl: {
    title: 'Wat er veranderde sinds de vorige afrekening',
    intro: (before) =>
      `Dit contract is eerder afgerekend naar de stand van ${before}. Hieronder staat per partner, op de cent, waardoor de betaling nu anders is.`,
    order:
      'De invoer is stap voor stap vervangen, in de volgorde van de tabel, en na elke stap is het hele contract opnieuw afgerekend. Wat twee oorzaken alleen samen doen, staat bij de laatste van de twee. Wat niet veranderde, staat op nul.',
    unchanged: 'Geen betaling veranderde.',
    total: (before, after) => `Alle betalingen samen: van ${before} naar ${after}`,
    causes: {
      late_data: 'Late gegevens',
      ruling: 'Uitspraak',
      attribution: 'Toewijzing',
      model: 'Model',
      contract: 'Contract',
      engine_version: 'Rekenregels',
    },
    meanings: [
      ['late_data', 'metingen, persoonsgegevens en bewijs die later bekend of verbeterd zijn'],
      ['ruling', 'wat na een geschil is toegewezen, ook als een andere partner het aanspande'],
      ['attribution', 'wie bij welke partner is ingeschreven, en welke praktijk bij welke zorggroep hoort'],
      ['model', 'een opnieuw geleerd verwachtingsmodel'],
      ['contract', 'gewijzigde afspraken, met het model waar zij om vragen'],
      ['engine_version', 'wat geen invoer verklaart: een andere versie van de rekenregels'],
    ],
  },
  en: {
    title: 'What changed since the settlement before',
    intro: (before) =>
      `This contract was settled before on the data as known on ${before}. Below is what makes the payment of each partner different now, to the cent.`,
    order:
      'The inputs were replaced one after the other, in the order of the table, and after each step the whole contract was settled anew. What two causes do only together stands with the later of the two. What did not change stands at zero.',
    unchanged: 'No payment changed.',
    total: (before, after) => `All payments together: from ${before} to ${after}`,
    causes: {
      late_data: 'Late data',
      ruling: 'Ruling',
      attribution: 'Attribution',
      model: 'Model',
      contract: 'Contract',
      engine_version: 'Rules',
    },
    meanings: [
      ['late_data', 'readings, persons and evidence that became known or were corrected later'],
      ['ruling', 'what was upheld in a dispute, of another partner too'],
      ['attribution', 'who is enrolled with which partner, and which practice belongs to which care group'],
      ['model', 'a model of expectations that was learned anew'],
      ['contract', 'amended clauses, with the model that they ask for'],
      ['engine_version', 'what no input explains: another version of the rules'],
    ],
  },
}
