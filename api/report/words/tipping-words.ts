/** What the statement says about tipping points. */
import type { Lang } from './format.ts'

export interface TippingWords {
  readonly title: string
  readonly intro: string
  readonly covered: (sd: string) => string
  readonly nothingCovered: string
  readonly gapSd: string
  readonly gap: (title: string, unit: string) => string
  readonly verdict: string
  readonly verdicts: Readonly<Record<'no_bonus' | 'nobody_missing' | 'not_undone', string>>
  readonly tips: (sd: string) => string
  readonly axis: string
  readonly allowed: string
}

export const TIPPING_WORDS: Readonly<Record<Lang, TippingWords>> = {
  nl: {
    title: 'Als de ontbrekende patiënten slechter af zijn',
    intro:
      'Van patiënten zonder uitkomst is berekend hoe zij het waarschijnlijk deden. Het kantelpunt zegt hoeveel slechter zij het in werkelijkheid gedaan moeten hebben voordat er van de bonus niets overblijft: in de eenheid van de uitkomst en in residuele standaarddeviaties (hoeveel uitkomsten van patiënten uiteenlopen nadat hun verwachting ervan af is). Ligt het kantelpunt ver weg, dan hangt de bonus niet af van wie er ontbreekt.',
    covered: (sd) =>
      `Het contract trekt bij voorbaat ${sd} residuele standaarddeviatie af voor wie ontbreekt; een verschil tot daar is dus gedekt.`,
    nothingCovered: 'Het contract trekt niets bij voorbaat af voor wie ontbreekt.',
    gapSd: 'Kantelpunt, in residuele sd',
    gap: (title, unit) => `${title}, slechter met (${unit})`,
    verdict: 'Oordeel',
    verdicts: {
      no_bonus: 'geen bonus',
      nobody_missing: 'niemand ontbreekt: geen ontbrekende kan de bonus tenietdoen',
      not_undone:
        'geen ontbrekende kan de bonus tenietdoen: ook met de slechtste waarden die tellen blijft er bonus over',
    },
    tips: (sd) => `de bonus verdwijnt als zij ${sd} sd slechter af zijn dan berekend`,
    axis: 'Kantelpunt, in residuele standaarddeviaties',
    allowed: 'gedekt door het contract',
  },
  en: {
    title: 'If the missing patients are worse off',
    intro:
      'For patients without an outcome it was worked out how they probably did. The tipping point says how much worse they must really have done before nothing is left of the bonus: in the unit of the outcome, and in residual standard deviations (how far outcomes of patients lie apart once their expectation is taken off). Where the tipping point is far away, the bonus does not depend on who is missing.',
    covered: (sd) =>
      `The contract deducts ${sd} residual standard deviation beforehand for those who are missing; a gap up to that is covered.`,
    nothingCovered: 'The contract deducts nothing beforehand for those who are missing.',
    gapSd: 'Tipping point, in residual sd',
    gap: (title, unit) => `${title}, worse by (${unit})`,
    verdict: 'Verdict',
    verdicts: {
      no_bonus: 'no bonus',
      nobody_missing: 'nobody is missing: no missing patient could undo the bonus',
      not_undone: 'no missing patient could undo the bonus: even with the worst values that count some of it is left',
    },
    tips: (sd) => `the bonus vanishes if they are ${sd} sd worse off than worked out`,
    axis: 'Tipping point, in residual standard deviations',
    allowed: 'covered by the contract',
  },
}
