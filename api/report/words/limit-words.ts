/** What the statement says about what its data cannot carry. */
import type { Lang } from './format.ts'

const nl = {
  limitsTitle: 'Wat deze gegevens niet kunnen dragen',
  limitSmall: (n: string, minimum: string, names: string) =>
    `${n} hebben minder dan ${minimum} patiënten die meetellen: ${names}. Bij zo weinig patiënten is winst niet van toeval te onderscheiden. Zij worden niet apart getoond en niet betaald, maar tellen wel mee in het gemiddelde.`,
  limitPractices: (name: string, practices: string, small: string, minimum: string) =>
    `${name} bestaat uit ${practices} praktijken; daarvan hebben er ${small} minder dan ${minimum} patiënten die meetellen. Over zulke praktijken afzonderlijk zegt deze afrekening niets; verschillen tussen praktijken maken wel het interval breder.`,
  limitAllSmall:
    'Geen enkele partner heeft genoeg patiënten voor een eigen oordeel: deze afrekening zegt niets over een partner apart.',
  limitNoPlacebo: (titles: string) =>
    `De referentieperiode is te kort voor een proefjaar (${titles}). Verschillen die al vóór het contract bestonden, konden niet worden verrekend.`,
  limitFewPlacebo: (n: string, titles: string) => `Voor ${titles} is het verleden maar met ${n} proefjaar te schatten.`,
  limitNoDifference: (titles: string) =>
    `Voor ${titles} verschillen de partners niet meer van elkaar dan door toeval te verwachten is. Iedere partner krijgt daar het gemiddelde.`,
  limitAgree: (titles: string) =>
    `Er zijn minder dan 8 partners. Hoeveel partners van elkaar verschillen (voor ${titles}) is dan uit de gegevens bijna niet te schatten. Het advies is om dit vooraf in het contract af te spreken (onder credibility: between_sd).`,
  limitOnePartner:
    'Er is één partner. De uitkomst kan niet met andere partners worden vergeleken en is niet naar een gemiddelde getrokken.',
  limitNoControl:
    'Het contract heeft geen controlegroep. Wat overal veranderde, is dan niet te scheiden van wat de partners bereikten.',
  limitNoTrend: (titles: string) =>
    `Voor ${titles} kon de trend niet worden bepaald: in de controlegroep telt niemand mee. Wat overal veranderde, is daar niet afgetrokken.`,
  limitWide: (names: string) => `Bij ${names} omvat het interval ook nul: de betaling kan op toeval berusten.`,
  limitMissing: (names: string) => `Bij ${names} is voor minder dan 70% van de patiënten een uitkomst gemeten.`,
  toCome: (results: string, of: string, day: string) =>
    `${results} van de ${of} uitkomsten kunnen nog komen: op ${day} was hun meetperiode nog niet voorbij. Wat er komt, telt in een correctie mee.`,
  fewToCome: (day: string) =>
    `Van minder dan 10 mensen kan nog een uitkomst komen: op ${day} was hun meetperiode nog niet voorbij.`,
  limitCutoff: (day: string) =>
    `Wat na ${day} bekend werd, is niet meegenomen; een latere stand leidt tot een correctie.`,
  limitWhole: 'Dat een partner winst boekt, bewijst nog niet waardoor die winst is ontstaan.',
}

export type LimitWords = typeof nl

const en: LimitWords = {
  limitsTitle: 'What these data cannot carry',
  limitSmall: (n, minimum, names) =>
    `${n} have fewer than ${minimum} patients who count: ${names}. With so few patients gain cannot be told from chance. They are not shown separately and not paid, but they do count in the average.`,
  limitPractices: (name, practices, small, minimum) =>
    `${name} consists of ${practices} practices, of which ${small} have fewer than ${minimum} patients who count. Of such practices alone this statement says nothing; differences between practices do make the interval wider.`,
  limitAllSmall:
    'No panel is large enough for a verdict of its own: this statement says nothing about single partners.',
  limitNoPlacebo: (titles) =>
    `The reference period is too short for a placebo year (${titles}). Differences from before the contract could not be taken into account.`,
  limitFewPlacebo: (n, titles) => `For ${titles} the past could be gauged with only ${n} placebo year.`,
  limitNoDifference: (titles) =>
    `For ${titles} the partners differ no more than chance would make them. All partners are given the average there.`,
  limitAgree: (titles) =>
    `There are fewer than 8 partners. How far partners differ (for ${titles}) can then hardly be estimated from the data. The advice is to agree it in the contract beforehand (under credibility: between_sd).`,
  limitOnePartner:
    'There is one partner. Its result cannot be compared with others and has not been drawn towards an average.',
  limitNoControl:
    'The contract has no control group. What changed everywhere cannot be told from what the partners achieved.',
  limitNoTrend: (titles) =>
    `For ${titles} the trend could not be found: nobody in the control group counts. What changed everywhere has not been subtracted there.`,
  limitWide: (names) => `For ${names} the interval includes zero: the payment may rest on chance.`,
  limitMissing: (names) => `For ${names} an outcome was measured for less than 70% of the patients.`,
  toCome: (results, of, day) =>
    `${results} of ${of} results can still come: on ${day} their window had not closed. What comes, counts in a correction.`,
  fewToCome: (day) => `Of fewer than 10 people a result can still come: on ${day} their window had not closed.`,
  limitCutoff: (day) => `What became known after ${day} is not in it; a later state leads to a correction.`,
  limitWhole: 'That a partner shows a gain does not by itself prove what caused it.',
}

export const LIMIT_WORDS: Readonly<Record<Lang, LimitWords>> = { nl, en }
