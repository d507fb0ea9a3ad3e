/** What the statement says otherwise of a contract of episodes: an episode counts as one where elsewhere patient-years do. */
import type { Contract } from '../../../engine/contract/contract.ts'
import { CALCULATION_WORDS, type CalculationWords } from './calculation-words.ts'
import { DEPENDENCE_WORDS, type DependenceWords } from './dependence-words.ts'
import { en } from './en.ts'
import type { Lang } from './format.ts'
import { nl, type Words } from './nl.ts'
import { ROUNDING_WORDS, type RoundingTexts } from './rounding-words.ts'

interface EpisodeWords {
  readonly statement: Partial<Words>
  /** entries of the glossary by the term that they stand for */
  readonly glossary: Readonly<Record<string, readonly [term: string, meaning: string]>>
  readonly calculation: Partial<Omit<CalculationWords, 'names'>>
  readonly names: Partial<CalculationWords['names']>
  readonly dependence: Partial<DependenceWords>
  readonly rounding: Partial<RoundingTexts>
}

const EPISODE_WORDS: Readonly<Record<Lang, EpisodeWords>> = {
  nl: {
    statement: {
      headPatients: 'Episodes die meetellen',
      summaryHow:
        'Voor iedere episode is vooraf berekend wat, gegeven de eigen voorgeschiedenis van de patiënt, te verwachten was. Betaald wordt het verschil tussen wat is bereikt en wat was te verwachten, na aftrek van wat ook zonder extra inspanning zou zijn gebeurd.',
      patients: 'Episodes',
      patientYears: 'Episodes',
      valuePerYear: 'Waarde per episode',
      smallPanels: (n) => `Partners met weinig episodes samen (${n})`,
      stepsIntro:
        'Per partner, in euro per episode: de waarde van de winst, en wat drempel, deling, bandbreedte en kwaliteitseisen daarvan overlaten.',
      timesYears: (perYear, years, payment) => `${perYear} × ${years} episodes = ${payment}`,
      insurersIntro:
        'Iedere verzekeraar betaalt mee naar het aantal episodes van de eigen verzekerden. De bedragen tellen op de cent op tot de betaling.',
      afterEachStep: 'Wat er na elke stap over is, in euro per episode',
      limitSmall: (n, minimum, names) =>
        `${n} hebben minder dan ${minimum} episodes die meetellen: ${names}. Bij zo weinig episodes is winst niet van toeval te onderscheiden. Zij worden niet apart getoond en niet betaald, maar tellen wel mee in het gemiddelde.`,
      limitAllSmall:
        'Geen enkele partner heeft genoeg episodes voor een eigen oordeel: deze afrekening zegt niets over een partner apart.',
      limitMissing: (names) => `Bij ${names} is voor minder dan 70% van de episodes een uitkomst gemeten.`,
      reasons: {
        ...nl.reasons,
        no_eligible_patients: 'geen episodes die meetellen',
        panel_too_small: 'te weinig episodes',
      },
      gateNames: {
        ...nl.gateNames,
        min_measured_share: 'deel van de episodes dat is gemeten (de uitkomst met het kleinste deel)',
        min_patients: 'aantal episodes',
        max_left_share: 'deel van de episodes waarvan de patiënt is vertrokken',
        max_late_share: 'deel van de episodes dat pas later begon',
      },
    },
    glossary: {
      Gemeten: [
        'Gemeten',
        'Van deze episode is voor deze uitkomst een waarde bekend binnen de afgesproken tijd. Het deel gemeten is: gemeten episodes gedeeld door alle episodes die voor deze uitkomst meetellen.',
      ],
      Patiëntjaar: [
        'Episode',
        'Eén behandeling met een begin, zoals een operatie. Wie in deze tijd twee keer is behandeld, telt twee keer mee.',
      ],
      Bandbreedte: ['Bandbreedte', 'Het minimum en het maximum van de betaling per episode.'],
    },
    calculation: {
      title: 'Van episodes naar betaling',
      caption: (partner) => `${partner}: van episodes naar betaling`,
      patients: (episodes) => `Gemiddelde winst van ${episodes} episodes`,
      years: (episodes) => `${episodes} episodes`,
      valuesIntro:
        'Per uitkomst: geloofwaardige winst × prijs × episodes. Daarna volgt wat drempel, deling, bandbreedte, eisen en budget eraan veranderen. Elke rij telt op de cent op tot de betaling.',
    },
    names: {
      price: 'Geloofwaardige winst × prijs × episodes',
      missing:
        'Afgesproken aftrek voor ontbrekende uitkomsten: prijs × episodes × aftrek × spreiding × deel dat ontbreekt',
      perYear: 'Waarde per episode',
    },
    dependence: {
      meanIntro:
        'Een deel van iedere betaling komt uit het gemiddelde van alle partners. De tabel laat zien wat een partner zou krijgen als alleen dat gemiddelde telde, met de eigen drempel, eisen en episodes. Het verschil met de betaling komt door de eigen winst. De twee delen tellen op tot de betaling.',
    },
    rounding: {
      byInsurer:
        'De verzekeraars delen een betaling naar de episodes van hun verzekerden. Ieder krijgt de hele centen. Een cent die overblijft, gaat naar wie het meest is afgerond; bij gelijke stand naar de laagste UZOVI-code.',
    },
  },
  en: {
    statement: {
      headPatients: 'Episodes that count',
      summaryHow:
        'For every episode it was worked out beforehand what, given the patient’s own history, was to be expected. What is paid for is the difference between what was achieved and what was to be expected, less what would have happened without extra effort.',
      patients: 'Episodes',
      patientYears: 'Episodes',
      valuePerYear: 'Value per episode',
      smallPanels: (n) => `Partners with few episodes together (${n})`,
      stepsIntro:
        'Per partner, in euros per episode: the value of the gain, and what dead band, sharing, corridor and quality gates leave of it.',
      timesYears: (perYear, years, payment) => `${perYear} × ${years} episodes = ${payment}`,
      insurersIntro:
        'Every insurer contributes in proportion to the episodes of its own insured. The amounts add up to the payment to the cent.',
      afterEachStep: 'What is left after each step, in euros per episode',
      limitSmall: (n, minimum, names) =>
        `${n} have fewer than ${minimum} episodes that count: ${names}. With so few, gain cannot be told from chance. They are not shown apart and not paid, but count in the mean.`,
      limitAllSmall:
        'No partner has enough episodes to be judged by itself: this settlement says nothing about a single partner.',
      limitMissing: (names) => `Of ${names}, fewer than 70% of the episodes have a measured outcome.`,
      reasons: { ...en.reasons, no_eligible_patients: 'no episodes that count', panel_too_small: 'too few episodes' },
      gateNames: {
        ...en.gateNames,
        min_measured_share: 'share of episodes measured (the outcome with the smallest)',
        min_patients: 'number of episodes',
        max_left_share: 'share of episodes of patients who left',
        max_late_share: 'share of episodes that began later',
      },
    },
    glossary: {
      Measured: [
        'Measured',
        'Of this episode a value is known for this outcome within the agreed time. The share measured is: measured episodes divided by all episodes that count for this outcome.',
      ],
      'Patient-year': [
        'Episode',
        'One treatment with a beginning, such as an operation. Who was treated twice in this time counts twice.',
      ],
      Corridor: ['Corridor', 'The least and the most that is paid per episode.'],
    },
    calculation: {
      title: 'From episodes to payment',
      caption: (partner) => `${partner}: from episodes to payment`,
      patients: (episodes) => `Mean gain of ${episodes} episodes`,
      years: (episodes) => `${episodes} episodes`,
      valuesIntro:
        'By outcome: credible gain × price × episodes. Then what dead band, sharing, corridor, gates and budget change about it. Each row adds up to the payment, to the cent.',
    },
    names: {
      price: 'Credible gain × price × episodes',
      missing: 'Agreed deduction for missing outcomes: price × episodes × deduction × spread × share missing',
      perYear: 'Value per episode',
    },
    dependence: {
      meanIntro:
        'A part of every payment comes from the mean of all partners. The table shows what a partner would be paid if only that mean counted, with its own dead band, gates and episodes. What the payment differs by comes from its own gain. The two parts add up to the payment.',
    },
    rounding: {
      byInsurer:
        'Insurers share a payment by the episodes of the people they insure. Each gets its whole cents. A cent that is left goes to whom rounding took most from; of equals, to the lowest UZOVI code.',
    },
  },
}

/** In which language, and of which contract. */
interface Said {
  readonly lang: Lang
  readonly contract: Pick<Contract, 'index'>
}

const episodes = ({ lang, contract }: Said): EpisodeWords | null =>
  contract.index === 'enrolment' ? EPISODE_WORDS[lang] : null

export function statementWords(said: Said): Words {
  const own = said.lang === 'nl' ? nl : en
  const others = episodes(said)
  if (others === null) return own
  const glossary = own.glossary.map((entry) => others.glossary[entry[0]] ?? entry)
  return { ...own, ...others.statement, glossary }
}

export function calculationWords(said: Said): CalculationWords {
  const own = CALCULATION_WORDS[said.lang]
  const others = episodes(said)
  return others ? { ...own, ...others.calculation, names: { ...own.names, ...others.names } } : own
}

export const dependenceWords = (said: Said): DependenceWords => ({
  ...DEPENDENCE_WORDS[said.lang],
  ...episodes(said)?.dependence,
})

export const roundingWords = (said: Said): RoundingTexts => ({
  ...ROUNDING_WORDS[said.lang],
  ...episodes(said)?.rounding,
})
