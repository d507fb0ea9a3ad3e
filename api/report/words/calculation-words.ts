/** What the statement says about the way from patients to a payment. */
import type { CalculationStepName } from '../../../engine/explain/calculation-steps.ts'
import type { Lang } from './format.ts'

export interface CalculationWords {
  readonly title: string
  readonly intro: string
  readonly precision: string
  readonly caption: (partner: string) => string
  readonly step: string
  readonly equation: string
  readonly left: string
  readonly patients: (patients: string) => string
  /** heads the steps of one outcome */
  readonly outcome: (title: string, unit: string) => string
  readonly names: Readonly<Record<Exclude<CalculationStepName, 'patients'>, string>>
  /** in place of an equation that would tell of fewer than ten people */
  readonly fewMissing: string
  readonly everybody: string
  readonly years: (years: string) => string
  readonly valuesTitle: string
  readonly valuesIntro: string
  readonly clauses: string
}

export const CALCULATION_WORDS: Readonly<Record<Lang, CalculationWords>> = {
  nl: {
    title: 'Van patiënten naar betaling',
    intro:
      'Zo komt iedere betaling tot stand. Elke stap begint met de uitkomst van de stap ervoor. Stappen die niets veranderen, staan er niet bij. De balk laat zien van welk bedrag een stap komt en op welk bedrag hij uitkomt.',
    precision:
      'De getallen hebben zoveel cijfers achter de komma als nodig is om op de cent uit te komen. Wie ze narekent, rondt elke uitkomst af op de cijfers die er staan.',
    caption: (partner) => `${partner}: van patiënten naar betaling`,
    step: 'Stap',
    equation: 'Berekening',
    left: 'In euro',
    patients: (patients) => `Gemiddelde winst van ${patients} patiënten`,
    outcome: (title, unit) => (unit === '' ? title : `${title}, in ${unit}`),
    names: {
      history: 'Eigen verleden eraf',
      trend: 'Trend van de controlegroep eraf',
      collective: 'Eigen gewicht × eigen winst, de rest het gemiddelde van de partners',
      price: 'Geloofwaardige winst × prijs × patiëntjaren',
      together: 'Alle uitkomsten samen',
      missing:
        'Afgesproken aftrek voor ontbrekende uitkomsten: prijs × patiëntjaren × aftrek × spreiding × deel dat ontbreekt',
      lessMissing: 'Na aftrek voor ontbrekende uitkomsten',
      lessExcess: 'Aftrek omdat er meer uitkomsten ontbreken dan te verwachten was',
      perYear: 'Waarde per patiëntjaar',
      deadBand: 'Drempel eraf',
      withinDeadBand: 'Drempel: de waarde valt erbinnen',
      share: 'Deel van de partner',
      floor: 'Bandbreedte: niet lager dan het minimum',
      cap: 'Bandbreedte: niet hoger dan het maximum',
      gates: 'Wat de kwaliteitseisen overlaten',
      budget: 'Wat het budget overlaat',
      rounding: 'Afronding op hele centen',
      unexplained: 'Verschil dat niet uit deze cijfers volgt',
      payment: 'Betaling',
    },
    fewMissing: 'van minder dan 10 mensen: de berekening is niet getoond',
    everybody:
      'De partners verschillen hier niet meer dan door toeval te verwachten is. Daarom krijgt iedere partner het gemiddelde, en telt de eigen uitkomst niet apart mee.',
    years: (years) => `${years} patiëntjaren`,
    valuesTitle: 'Wat iedere uitkomst waard is',
    valuesIntro:
      'Per uitkomst: geloofwaardige winst × prijs × patiëntjaren. Daarna volgt wat drempel, deling, bandbreedte, eisen en budget eraan veranderen. Elke rij telt op de cent op tot de betaling.',
    clauses: 'Drempel, deling en eisen',
  },
  en: {
    title: 'From patients to payment',
    intro:
      'This is how each payment comes about. Every step begins with the result of the one before. Steps that change nothing are left out. The bar shows which amount a step comes from and which it leads to.',
    precision:
      'Numbers have as many decimals as are needed to come out right to the cent. Who works them out again rounds each result to the decimals that are written.',
    caption: (partner) => `${partner}: from patients to payment`,
    step: 'Step',
    equation: 'Calculation',
    left: 'In euros',
    patients: (patients) => `Mean gain of ${patients} patients`,
    outcome: (title, unit) => (unit === '' ? title : `${title}, in ${unit}`),
    names: {
      history: 'Less own past',
      trend: 'Less the trend of the control group',
      collective: 'Own weight × own gain, the rest the mean of the partners',
      price: 'Credible gain × price × patient-years',
      together: 'All outcomes together',
      missing: 'Agreed deduction for missing outcomes: price × patient-years × deduction × spread × share missing',
      lessMissing: 'After the deduction for missing outcomes',
      lessExcess: 'Deducted because more outcomes are missing than was to be expected',
      perYear: 'Value per patient-year',
      deadBand: 'Less the dead band',
      withinDeadBand: 'Dead band: the value lies within it',
      share: 'Share of the partner',
      floor: 'Corridor: not below the floor',
      cap: 'Corridor: not above the cap',
      gates: 'What the quality gates leave',
      budget: 'What the budget leaves',
      rounding: 'Rounding to whole cents',
      unexplained: 'Difference that does not follow from these figures',
      payment: 'Payment',
    },
    fewMissing: 'of fewer than 10 people: the calculation is not shown',
    everybody:
      'Here the partners differ no more than chance would make them. So every partner is given the mean, and its own result does not count apart.',
    years: (years) => `${years} patient-years`,
    valuesTitle: 'What each outcome is worth',
    valuesIntro:
      'By outcome: credible gain × price × patient-years. Then what dead band, sharing, corridor, gates and budget change about it. Each row adds up to the payment, to the cent.',
    clauses: 'Dead band, sharing and gates',
  },
}
