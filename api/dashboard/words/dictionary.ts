/** Words of the data dictionary: every column of an answer, and the measures of the programmes. */

/** A column, what it says, its unit or values. */
type Line = readonly [string, string, string]

const nl = {
  title: 'Wat elke kolom betekent',
  lead: 'De kolommen van een antwoord, in CSV, Parquet en Arrow onder dezelfde naam. Een mens telt één keer.',
  caption: 'Kolommen van een antwoord',
  column: 'Kolom',
  what: 'Wat het zegt',
  unit: 'Eenheid of waarden',
  lines: [
    ['measure, unit', 'de uitkomst, en de eenheid waarin zij gemeten is', 'van het programma'],
    ['group', 'partners van het contract, of controles daarbuiten', 'contract, control'],
    [
      'partner',
      'de partner op de peildatum, onder een code die in elk antwoord van de regio dezelfde is',
      'C en tien tekens',
    ],
    ['year', 'kalenderjaar van de peildatum', 'jaar'],
    ['age_band', 'leeftijd op de peildatum, eerste en laatste jaar', '60-69, 80-99'],
    ['sex', 'zoals geleverd', 'f, m, x'],
    ['postcode_area', 'de eerste twee cijfers van de postcode', '23, unknown'],
    ['condition', 'hoofdstuk van de andere aandoeningen op de eerste dag', 'none, ICPC-1 K, several'],
    ['measured', 'mensen met een gemeten uitkomst', 'mensen'],
    ['eligible', 'gemeten of ontbrekend; leeg waar één tot negen ontbreken', 'mensen'],
    ['expected_raw_mean', 'gemiddelde van wat verwacht werd', 'eenheid van de meting'],
    ['realised_raw_*', 'wat gemeten is', 'eenheid van de meting'],
    ['expected_mean, realised_*', 'hetzelfde op de gezondheidsschaal: hoger is beter', 'eenheid van de meting'],
    ['gain_*', 'bereikt min verwacht, over wie gemeten is', 'gezondheidsschaal'],
    ['contribution_*', 'de winst met de ontbrekenden meegeteld; leeg waar eligible leeg is', 'gezondheidsschaal'],
    ['_mean, _se, _lower, _upper', 'gemiddelde, standaardfout (s / √n), 95%-interval (Student, n − 1)', 'als de kolom'],
  ] satisfies readonly Line[] as readonly Line[],
  independent:
    'Intervallen nemen aan dat mensen los van elkaar staan. Mensen van één praktijk lijken op elkaar: over meer partners samen zijn de intervallen te smal. Vraag dan per partner.',
  measures: (programme: string) => `Metingen van ${programme}`,
  measure: 'Meting',
  name: 'Naam',
  better: 'Beter is',
  betters: { lower: 'lager', higher: 'hoger', window: 'binnen het doel' } as Readonly<Record<string, string>>,
  plausible: 'Aannemelijk',
  matters: 'Kleinste verschil dat ertoe doet',
  to: 'tot',
}

const en: typeof nl = {
  title: 'What each column means',
  lead: 'The columns of an answer, under the same name in CSV, Parquet and Arrow. A person counts once.',
  caption: 'Columns of an answer',
  column: 'Column',
  what: 'What it says',
  unit: 'Unit or values',
  lines: [
    ['measure, unit', 'the outcome, and the unit it is read in', 'of the programme'],
    ['group', 'partners of the contract, or controls outside it', 'contract, control'],
    [
      'partner',
      'the partner on the index date, under a code that is the same in every answer of the region',
      'C and ten characters',
    ],
    ['year', 'calendar year of the index date', 'year'],
    ['age_band', 'age on the index date, first and last year', '60-69, 80-99'],
    ['sex', 'as delivered', 'f, m, x'],
    ['postcode_area', 'the first two digits of the postcode', '23, unknown'],
    ['condition', 'chapter of the other conditions on the first day', 'none, ICPC-1 K, several'],
    ['measured', 'persons with a realised reading', 'persons'],
    ['eligible', 'measured or missing; empty where one to nine are missing', 'persons'],
    ['expected_raw_mean', 'mean of what was expected', 'unit of the measure'],
    ['realised_raw_*', 'what was read', 'unit of the measure'],
    ['expected_mean, realised_*', 'the same on the health scale: higher is better', 'unit of the measure'],
    ['gain_*', 'realised less expected, over the measured', 'health scale'],
    ['contribution_*', 'the gain with the missing accounted for; empty where eligible is', 'health scale'],
    ['_mean, _se, _lower, _upper', 'mean, standard error (s / √n), 95% interval (Student, n − 1)', 'as the column'],
  ],
  independent:
    'Intervals treat persons as independent. People of one practice are alike: over several partners together the intervals are too narrow. Ask by partner then.',
  measures: (programme) => `Measures of ${programme}`,
  measure: 'Measure',
  name: 'Name',
  better: 'Better is',
  betters: { lower: 'lower', higher: 'higher', window: 'within the target' },
  plausible: 'Plausible',
  matters: 'Least difference that matters',
  to: 'to',
}
export const dictionaryWords = { nl, en }
