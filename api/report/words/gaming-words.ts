/** What the statement says about signs of gaming. */
import type { Detector } from '../../../engine/gaming/detectors.ts'
import type { Lang } from './format.ts'

export interface GamingWords {
  readonly title: string
  readonly intro: string
  readonly none: string
  readonly found: (n: string) => string
  readonly axis: string
  readonly detector: string
  readonly looks: string
  readonly looked: string
  readonly least: string
  readonly verdict: string
  readonly standsOut: string
  readonly notSo: string
  readonly nothing: string
  readonly names: Readonly<Record<Detector, readonly [name: string, looks: string]>>
}

export const GAMING_WORDS: Readonly<Record<Lang, GamingWords>> = {
  nl: {
    title: 'Signalen om na te gaan',
    intro:
      'Zes toetsen kijken of cijfers van een partner anders liggen dan die van de anderen of dan vroeger. Een signaal verandert geen betaling en bewijst niets: het is een reden om te kijken. Iedere toets is gecorrigeerd voor het aantal partners en uitkomsten waarnaar zij kijkt: waar niemand iets doet, wijst zij in hooguit 5 van de 100 afrekeningen iemand aan. Groepen van minder dan 10 mensen worden niet getoond.',
    none: 'Geen enkele partner springt eruit.',
    found: (n) => `Eruit springen: ${n}.`,
    axis: 'Afstand tot wat te verwachten was, in standaardfouten',
    detector: 'Toets',
    looks: 'Waar zij naar kijkt',
    looked: 'Getoetst',
    least: 'Kleinste kans bij toeval (gecorrigeerd)',
    verdict: 'Oordeel',
    standsOut: 'springt eruit',
    notSo: 'niemand springt eruit',
    nothing: 'te weinig gegevens',
    names: {
      baseline_surprise: [
        'Verrassende nulmeting',
        'is de laatste meting vooraf slechter dan eerdere metingen van dezelfde patiënten voorspellen?',
      ],
      digit_preference: [
        'Laatste cijfer',
        'zijn laatste cijfers in het contractjaar anders verdeeld dan in de twee jaar ervoor?',
      ],
      outflow: ['Vertrek', 'vertrekken patiënten van wie minder te verwachten was vaker dan elders?'],
      inflow: ['Instroom', 'is van nieuwe patiënten meer te verwachten dan van wie er al was, meer dan elders?'],
      timing: ['Meetmoment', 'wordt vroeger of later gemeten dan een jaar eerder, meer dan elders?'],
      coding_growth: ['Groei van codering', 'komen er meer aandoeningen per patiënt bij dan elders?'],
    },
  },
  en: {
    title: 'Signs to look into',
    intro:
      'Six tests look whether the figures of a partner lie apart from those of the others, or from before. A sign changes no payment and proves nothing: it is a reason to look. Each test is corrected for the partners and outcomes it looks at: where nobody does anything it points at somebody in at most 5 of 100 settlements. Groups of fewer than 10 people are not shown.',
    none: 'No partner stands out.',
    found: (n) => `Standing out: ${n}.`,
    axis: 'Distance from what was to be expected, in standard errors',
    detector: 'Test',
    looks: 'What it looks at',
    looked: 'Tested',
    least: 'Smallest chance of it by accident (corrected)',
    verdict: 'Verdict',
    standsOut: 'stands out',
    notSo: 'nobody stands out',
    nothing: 'too few data',
    names: {
      baseline_surprise: [
        'Baseline surprise',
        'is the last reading beforehand worse than earlier readings of the same patients foretell?',
      ],
      digit_preference: [
        'Last digit',
        'are last digits spread differently in the contract year than in the two years before?',
      ],
      outflow: ['Outflow', 'do patients of whom less was to be expected leave more than elsewhere?'],
      inflow: ['Inflow', 'is more to be expected of newcomers than of those already there, more than elsewhere?'],
      timing: ['Timing', 'are results read earlier or later than a year before, more than elsewhere?'],
      coding_growth: ['Growth of coding', 'do conditions per patient grow faster than elsewhere?'],
    },
  },
}
