/** What the profile of a delivery says, in both languages. */
import type { OutsideLifeFigures } from '../../../data/profile/shape.ts'
import type { Lang } from './format.ts'

export interface ProfileWords {
  readonly title: string
  readonly delivered: string
  readonly readings: string
  readonly skip: string
  readonly intro: string
  readonly look: string
  readonly nothing: string
  readonly measures: string
  readonly measuresIntro: string
  readonly measure: string
  readonly patients: string
  readonly spread: string
  readonly unusual: string
  readonly units: string
  readonly noUnit: string
  readonly converted: string
  readonly few: string
  readonly missing: string
  readonly missingIntro: string
  readonly partner: string
  readonly enrolled: string
  readonly together: (count: string) => string
  readonly lessThan: string
  readonly moreThan: string
  readonly digits: string
  readonly digitsIntro: string
  readonly refused: string
  readonly refusedIntro: string
  readonly cause: string
  readonly rows: string
  readonly anyMeasure: string
  readonly rules: string
  readonly rule: string
  readonly source: string
  readonly names: Readonly<Record<string, string>>
  readonly swapped: (measure: string, count: string, of: string) => string
  readonly jump: (measure: string, count: string, of: string) => string
  readonly ofPartners: (partners: string) => string
  readonly placeholder: (of: string, day: string, share: string) => string
  readonly outlying: (of: string, day: string, share: string) => string
  readonly digit: (of: string, digits: string) => string
  readonly late: (count: string, day: string) => string
  readonly outsideLife: Readonly<Record<OutsideLifeFigures['when'], (table: string, count: string) => string>>
  readonly tables: Readonly<Record<OutsideLifeFigures['table'], string>>
}

const nl: ProfileWords = {
  title: 'Profiel van de levering',
  delivered: 'Geleverd op',
  readings: 'Metingen',
  skip: 'Naar de inhoud',
  intro:
    'Wat er is binnengekomen, wat er ontbreekt en wat nog eens bekeken moet worden. Een vermoeden verandert geen enkele rij: wat plausibel is, telt mee zoals het geleverd is. Groepen van minder dan 10 mensen worden niet getoond.',
  look: 'Om na te kijken',
  nothing: 'Geen van de regels wijst iets aan.',
  measures: 'Per maat',
  measuresIntro:
    'Van de rijen die met deze levering nieuw zijn of anders luiden dan voorheen. Ongebruikelijk is plausibel, maar zeldzaam.',
  measure: 'Maat',
  patients: 'Patiënten',
  spread: '5%, helft en 95% ligt onder',
  unusual: 'Ongebruikelijk',
  units: 'Aangetroffen eenheden',
  noUnit: 'zonder eenheid',
  converted: 'omgerekend',
  few: 'minder dan 10',
  missing: 'Niet gemeten',
  missingIntro:
    'Deel van de patiënten die op de leverdag in het programma staan ingeschreven en in het jaar tot die dag geen meting van de maat hebben.',
  partner: 'Partner',
  enrolled: 'Ingeschreven',
  together: (count) => `${count} kleine partners samen`,
  lessThan: 'minder dan',
  moreThan: 'meer dan',
  digits: 'Laatste cijfers',
  digitsIntro: 'Deel van de metingen dat op ieder cijfer eindigt; gelijk verdeeld is dat een tiende.',
  refused: 'Geweigerde rijen',
  refusedIntro: 'Wat geweigerde rijen waarschijnlijk zijn. Iedere rij met haar reden staat in rejects.csv.',
  cause: 'Waarschijnlijk',
  rows: 'Fouten',
  anyMeasure: 'alle',
  rules: 'De regels',
  rule: 'Regel',
  source: 'Bron',
  names: {
    zero_for_missing: 'nul voor niet gemeten',
    unit_mix: 'eenheid verwisseld',
    decimal_shift: 'decimaal verschoven',
    future_date: 'datum in de toekomst',
    two_main_practitioners: 'twee hoofdbehandelaars op één dag',
    swapped_pressures: 'boven- en onderdruk verwisseld',
    jump: 'onmogelijke sprong',
    digit_preference: 'voorkeur voor een laatste cijfer',
    placeholder_day: 'ingevulde dag',
    outlying_day: 'uitschieter onder de dagen',
    outside_life: 'voor de geboorte of na het overlijden',
  },
  swapped: (measure, count, of) =>
    `${measure}: ${count} keer ligt de bovendruk onder de onderdruk van dezelfde dag${of}.`,
  jump: (measure, count, of) => `${measure}: ${count} sprongen binnen enkele dagen die niet mogelijk zijn${of}.`,
  ofPartners: (partners) => `; bij ${partners}`,
  placeholder: (of, day, share) =>
    `${of}: ${share} van de metingen staat op ${day}. Waarschijnlijk is alleen het jaar bekend.`,
  outlying: (of, day, share) => `${of}: ${share} van alle metingen staat op ${day}.`,
  digit: (of, digits) => `${of}: opvallend vaak eindigt een meting op ${digits}.`,
  late: (count, day) =>
    `${count} metingen liggen lang na ${day}, de dag waarvoor bijna alle metingen liggen: is hun jaar juist?`,
  outsideLife: {
    after_death: (table, count) => `${table}: ${count} rijen van na het overlijden van de patiënt.`,
    before_birth: (table, count) => `${table}: ${count} rijen van voor de geboorte van de patiënt.`,
  },
  tables: { condition_episode: 'Diagnosen', medication: 'Voorschriften', claim: 'Declaraties' },
}

const en: ProfileWords = {
  title: 'Profile of the delivery',
  delivered: 'Delivered on',
  readings: 'Readings',
  skip: 'To the content',
  intro:
    'What came in, what is missing, and what deserves a second look. A suspicion changes no row: what is plausible counts as it was delivered. Groups of fewer than 10 people are not shown.',
  look: 'To look into',
  nothing: 'None of the rules points at anything.',
  measures: 'By measure',
  measuresIntro: 'Of the rows that this delivery brought, or that it changed. Unusual is plausible, but rare.',
  measure: 'Measure',
  patients: 'Patients',
  spread: '5%, half and 95% lie below',
  unusual: 'Unusual',
  units: 'Units met',
  noUnit: 'no unit',
  converted: 'converted',
  few: 'fewer than 10',
  missing: 'Not measured',
  missingIntro:
    'Share of the patients enrolled in the programme on the delivery day who have no reading of the measure in the year up to it.',
  partner: 'Partner',
  enrolled: 'Enrolled',
  together: (count) => `${count} small partners together`,
  lessThan: 'less than',
  moreThan: 'more than',
  digits: 'Last digits',
  digitsIntro: 'Share of the readings that end on each digit; an even spread gives each a tenth.',
  refused: 'Refused rows',
  refusedIntro: 'What refused rows probably are. Every row and its reason stand in rejects.csv.',
  cause: 'Probably',
  rows: 'Faults',
  anyMeasure: 'any',
  rules: 'The rules',
  rule: 'Rule',
  source: 'Source',
  names: {
    zero_for_missing: 'zero for not measured',
    unit_mix: 'units mixed up',
    decimal_shift: 'decimal shift',
    future_date: 'date in the future',
    two_main_practitioners: 'two main practitioners on one day',
    swapped_pressures: 'systolic and diastolic swapped',
    jump: 'impossible jump',
    digit_preference: 'preference for a last digit',
    placeholder_day: 'filled-in day',
    outlying_day: 'one day that outdoes the others',
    outside_life: 'before birth or after death',
  },
  swapped: (measure, count, of) => `${measure}: ${count} times below the diastolic pressure of the same day${of}.`,
  jump: (measure, count, of) => `${measure}: ${count} impossible jumps within a few days${of}.`,
  ofPartners: (partners) => `; with ${partners}`,
  placeholder: (of, day, share) => `${of}: ${share} of the readings are dated ${day}. Probably only the year is known.`,
  outlying: (of, day, share) => `${of}: ${share} of all readings are dated ${day}.`,
  digit: (of, digits) => `${of}: readings end on ${digits} strikingly often.`,
  late: (count, day) =>
    `${count} readings lie long after ${day}, the day before which nearly all readings lie: is their year right?`,
  outsideLife: {
    after_death: (table, count) => `${table}: ${count} rows from after the patient died.`,
    before_birth: (table, count) => `${table}: ${count} rows from before the patient was born.`,
  },
  tables: { condition_episode: 'Diagnoses', medication: 'Prescriptions', claim: 'Claims' },
}

export const PROFILE_WORDS: Readonly<Record<Lang, ProfileWords>> = { nl, en }
