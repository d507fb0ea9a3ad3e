/** What the statement says about what a payment depends on besides the partner's own result. */
import type { Lang } from './format.ts'

export interface DependenceWords {
  readonly title: string
  readonly meanTitle: string
  readonly meanIntro: string
  readonly noMean: string
  readonly ofMean: string
  readonly own: string
  readonly controlsTitle: string
  readonly controlsIntro: string
  readonly noControls: string
  readonly notKept: string
  readonly without: (control: string) => string
  readonly least: string
  readonly most: string
}

export const DEPENDENCE_WORDS: Readonly<Record<Lang, DependenceWords>> = {
  nl: {
    title: 'Waar een betaling van afhangt',
    meanTitle: 'Het gemiddelde en het eigen deel',
    meanIntro:
      'Een deel van iedere betaling komt uit het gemiddelde van alle partners. De tabel laat zien wat een partner zou krijgen als alleen dat gemiddelde telde, met de eigen drempel, eisen en patiëntjaren. Het verschil met de betaling komt door de eigen winst. De twee delen tellen op tot de betaling.',
    noMean: 'In dit contract telt het gemiddelde van de partners niet mee: iedere betaling komt uit de eigen winst.',
    ofMean: 'Met alleen het gemiddelde',
    own: 'Door de eigen winst',
    controlsTitle: 'De betaling zonder één van de controlepartners',
    controlsIntro:
      'De trend komt van de controlegroep. Hieronder staat iedere betaling als telkens één controlepartner daarin niet zou meetellen. Verschillen de bedragen veel, dan hangt de betaling af van wie er in de controlegroep zit.',
    noControls: 'Er is geen trend afgetrokken, dus geen betaling hangt af van controlepartners.',
    notKept: 'Bij deze afrekening is niet bewaard wat iedere controlepartner met de betalingen doet.',
    without: (control) => `Zonder ${control}`,
    least: 'Laagste',
    most: 'Hoogste',
  },
  en: {
    title: 'What a payment depends on',
    meanTitle: 'The mean and its own part',
    meanIntro:
      'A part of every payment comes from the mean of all partners. The table shows what a partner would be paid if only that mean counted, with its own dead band, gates and patient-years. What the payment differs by comes from its own gain. The two parts add up to the payment.',
    noMean:
      'In this contract the mean of the partners does not count: every payment comes from the partner’s own gain.',
    ofMean: 'With the mean alone',
    own: 'From its own gain',
    controlsTitle: 'The payment without one of the control partners',
    controlsIntro:
      'The trend comes from the control group. Below is every payment if one control partner at a time did not count for it. Where the amounts differ much, a payment depends on who is in the control group.',
    noControls: 'No trend was taken off, so no payment depends on control partners.',
    notKept: 'What each control partner does to the payments was not kept with this settlement.',
    without: (control) => `Without ${control}`,
    least: 'Least',
    most: 'Most',
  },
}
