/** What the statement says about models: what holds a settlement, how well they predict, and whether they still do. */
import type { ModelState } from '../../../data/settlements/model-registry.ts'
import type { ObstacleCode } from '../../../data/settlements/release-obstacles.ts'
import type { Lang } from './format.ts'

const nl = {
  held: 'Aangehouden: deze afrekening kan nog niet worden vrijgegeven',
  obstacles: {
    model_retired: (titles: string) => `Het model voor ${titles} is ingetrokken; reken opnieuw af met een ander.`,
    model_not_validated: (titles: string) =>
      `Het model voor ${titles} is een concept: de toetsing is niet gehaald, dus niemand kan het goedkeuren voor betaling. Een langere referentieperiode of meer patiënten kunnen helpen.`,
    learned_too_late: (titles: string) =>
      `Het model voor ${titles} heeft geleerd van gegevens uit de contractperiode; zo is er geen verwachting vooraf.`,
    drift_alarm: (titles: string) =>
      `Bij de controlepartners zijn de verwachtingen voor ${titles} gaan afwijken. Wie het model na bekijken goed acht, keurt het (opnieuw) goed voor betaling.`,
    model_not_payable: (titles: string) =>
      `Het model voor ${titles} is getoetst, maar nog door niemand goedgekeurd voor betaling.`,
    payable_by_preparer: (titles: string) =>
      `Het model voor ${titles} is goedgekeurd door wie deze afrekening heeft opgesteld; dat moet een ander doen.`,
    exchange_not_known: (titles: string) =>
      `Hoeveel QALY een eenheid ${titles} waard is, is te onzeker om op te betalen; spreek in het contract een omrekening af.`,
  } as Readonly<Record<ObstacleCode, (titles: string) => string>>,
  modelStates: 'Stand van elk model',
  modelState: 'Stand',
  decidedBy: 'Door',
  decidedOn: 'Op',
  modelMark: 'Kenmerk',
  statesOfModel: {
    draft: 'concept',
    validated: 'getoetst',
    payable: 'goedgekeurd voor betaling',
    retired: 'ingetrokken',
  } as Readonly<Record<ModelState, string>>,
  checksTitle: 'Toetsing van het model',
  checksIntro:
    'Getoetst op patiënten die het model niet zag, met ruimte voor toeval. Een model zakt alleen als de gegevens dat laten zien. Met te weinig gegevens is het niet aan te tonen.',
  checkName: 'Toets',
  checkFound: 'Gevonden',
  checkInterval: 'Ruimte voor toeval',
  checks: {
    'beats the mean': 'bespaarde kwadratische fout ten opzichte van het gemiddelde',
    'beats the last value': 'bespaarde kwadratische fout ten opzichte van de laatste waarde',
    'calibration slope': 'helling van uitgekomen op voorspeld (0,95 tot 1,05)',
    'cover of the 90% interval': 'dekking van het 90%-interval, slechtste groep',
  } as Readonly<Record<string, string>>,
  verdicts: { holds: 'gehaald', fails: 'niet gehaald', cannot_be_shown: 'niet aan te tonen' },
  driftTitle: 'Houdt de verwachting stand?',
  driftIntro:
    'Per maand waarin is gemeten: wat uitkwam min wat was verwacht, bij controlepartners en contractpartners apart. Alleen de controlepartners worden getoetst: wat daar afwijkt is geen verdienste, maar een verwachting die niet meer klopt.',
  driftNoControls:
    'Het contract heeft geen controlepartners: een verwachting die niet meer klopt, is niet te onderscheiden van wat partners bereiken. Er is daarom niet getoetst.',
  driftAlarm: (title: string, kind: string, month: string) =>
    `${title}: alarm in ${month}, ${kind}. Het model is niet bijgesteld; eerst moet iemand kijken.`,
  driftNone: (title: string, months: string) => `${title}: geen afwijking gevonden in ${months} getoetste maanden.`,
  driftUntested: (title: string) => `${title}: te weinig metingen bij controlepartners om te toetsen.`,
  driftKinds: { bias: 'het niveau is verschoven', slope: 'de helling is veranderd' },
  driftCaption: 'afwijking in standaardafwijkingen; doorgetrokken: controle, gestreept: contract',
  driftMonths: 'Per maand van meting',
  sides: { control: 'controle', contract: 'contract' },
  biasSd: 'Vertekening in sd',
  slope: 'Helling',
  evidence: 'Bewijs (alarm vanaf 240)',
  notKnown:
    'Niet bekend: hoe goed het model voorspelt naar achterstand van de wijk. Die staat niet in de gegevens, en het model ziet geen postcode.',
  familiesTitle: 'Elke modelfamilie alleen, en samen',
  together: 'samen',
  families: {
    mean: 'gemiddelde van allen',
    last: 'laatste waarde',
    ridge: 'lineair',
    trees: 'bomen',
    residual: 'bomen op de rest van het gemengde model',
    sequence: 'netwerk op de metingen',
    mixed: 'gemengd model',
    log: 'lineair op logaritmen',
  } as Readonly<Record<string, string>>,
  rmse: 'Wortel van gemiddelde kwadratische fout',
  crps: 'CRPS',
  r2: 'R²',
  size: 'Omvang (MB)',
  makingTitle: 'Hoe de modellen zijn gemaakt',
  landmarkDays: 'IJkmomenten',
  tensors: 'Rekenkern',
  warnings: {
    few: 'er is weinig om van te leren; de gegevens dragen niet meer dan een eenvoudig model, met één vorm van de fout voor iedereen.',
    mean_for_all: 'geen enkel model is aantoonbaar beter dan het gemiddelde; van iedereen wordt hetzelfde verwacht.',
    step: 'alle uitslagen zijn hele getallen; is het een score, klasse of telling, zet dan step: 1 bij de meting in het programma.',
    ends: 'veel uitslagen liggen op één uiterste waarde; houdt de schaal daar op, zet die waarde dan als grens van plausible in het programma.',
  } as Readonly<Record<string, string>>,
  modelTitle: 'Hoe goed het model voorspelt',
  modelIntro:
    'Een model is betrouwbaar als gemiddeld uitkomt wat het voorspelt. De punten horen op de lijn te liggen. Elk punt is een tiende van de voorspellingen, steeds voor patiënten die het model bij het leren niet zag.',
  modelFamily: 'Model',
  trainedOn: 'Geleerd van',
  trainedRows: (rows: string, people: string) => `${rows} ijkmomenten van ${people} patiënten`,
  coverage90: 'Dekking van het 90%-interval',
  coverageGoal: 'doel 90%',
  meanError: 'Gemiddelde absolute fout',
  predicted: 'Voorspeld',
  observed: 'Uitgekomen',
  tenths: 'Per tiende van de voorspelling',
  peopleGroups: 'Per geslacht, leeftijd en grootte van de praktijk',
  group: 'Groep',
  cases: 'Aantal',
  bias: 'Vertekening',
  noCard: 'Voor deze afrekening is geen modelkaart meegeleverd.',
  groups: {
    female: 'vrouwen',
    male: 'mannen',
    'age below 50': 'jonger dan 50',
    'age 50 to 64': '50 tot 65 jaar',
    'age 65 to 79': '65 tot 80 jaar',
    'age 80 and over': '80 jaar en ouder',
    'practice below 50': 'praktijk met minder dan 50 patiënten',
    'practice 50 to 199': 'praktijk met 50 tot 200 patiënten',
    'practice 200 and over': 'praktijk met 200 patiënten of meer',
  } as Readonly<Record<string, string>>,
}

export type ModelWords = typeof nl

const en: ModelWords = {
  held: 'Held: this settlement cannot be released yet',
  obstacles: {
    model_retired: (titles) => `The model of ${titles} is retired; settle anew with another.`,
    model_not_validated: (titles) =>
      `The model of ${titles} is a draft: its checks do not hold, so nobody can approve it for payment. A longer reference period or more patients may help.`,
    learned_too_late: (titles) =>
      `The model of ${titles} learned from data of the contract period; that makes no expectation beforehand.`,
    drift_alarm: (titles) =>
      `Among the control partners the expectations of ${titles} have drifted. Whoever looks and holds the model good approves it for payment (once more).`,
    model_not_payable: (titles) => `The model of ${titles} is validated, but nobody has approved it for payment yet.`,
    payable_by_preparer: (titles) =>
      `The model of ${titles} was approved by who prepared this settlement; somebody else has to.`,
    exchange_not_known: (titles) =>
      `What a unit of ${titles} is worth in QALY is too uncertain to pay by; agree on a rate in the contract.`,
  },
  modelStates: 'State of every model',
  modelState: 'State',
  decidedBy: 'By',
  decidedOn: 'On',
  modelMark: 'Mark',
  statesOfModel: { draft: 'draft', validated: 'validated', payable: 'approved for payment', retired: 'retired' },
  checksTitle: 'Checks of the model',
  checksIntro:
    'On patients whom the model had not seen, with room for chance. A model fails only where the data speak against it; with too few data it cannot be shown.',
  checkName: 'Check',
  checkFound: 'Found',
  checkInterval: 'Room for chance',
  checks: {
    'beats the mean': 'squared error saved against the mean',
    'beats the last value': 'squared error saved against the last value',
    'calibration slope': 'slope of what came true on what was predicted (0.95 to 1.05)',
    'cover of the 90% interval': 'cover of the 90% interval, the worst group',
  },
  verdicts: { holds: 'holds', fails: 'fails', cannot_be_shown: 'cannot be shown' },
  driftTitle: 'Does the expectation still hold?',
  driftIntro:
    'By month of measurement: what came true less what was expected, control partners and contract partners apart. Only the control partners are tested: what moves there is no merit, but an expectation that holds no longer.',
  driftNoControls:
    'The contract has no control partners: an expectation that holds no longer cannot be told from what partners achieve. So nothing was tested.',
  driftAlarm: (title, kind, month) =>
    `${title}: alarm in ${month}, ${kind}. The model has not been changed; somebody has to look first.`,
  driftNone: (title, months) => `${title}: no drift found in ${months} tested months.`,
  driftUntested: (title) => `${title}: too few results among the control partners to test.`,
  driftKinds: { bias: 'the level has shifted', slope: 'the slope has changed' },
  driftCaption: 'bias in standard deviations; solid: control, dashed: contract',
  driftMonths: 'By month of measurement',
  sides: { control: 'control', contract: 'contract' },
  biasSd: 'Bias in sd',
  slope: 'Slope',
  evidence: 'Evidence (alarm from 240)',
  notKnown:
    'Not known: how well the model predicts by deprivation of the neighbourhood. The data do not hold it, and the model sees no postcode.',
  familiesTitle: 'Every family of models alone, and together',
  together: 'together',
  families: {
    mean: 'mean of all',
    last: 'last value',
    ridge: 'linear',
    trees: 'trees',
    residual: 'trees on what the mixed model leaves over',
    sequence: 'network on the readings',
    mixed: 'mixed model',
    log: 'linear on logarithms',
  },
  rmse: 'Root mean squared error',
  crps: 'CRPS',
  r2: 'R²',
  size: 'Size (MB)',
  makingTitle: 'How the models were made',
  landmarkDays: 'Landmarks',
  tensors: 'Tensors by',
  warnings: {
    few: 'there is little to learn from; the data carry no more than a simple model, with one shape of error for everybody.',
    mean_for_all: 'no model is shown to be better than the mean; the same is expected of everybody.',
    step: 'all results are whole numbers; if it is a score, a class or a count, write step: 1 with the measure in its programme.',
    ends: 'many results lie at one extreme value; if the scale ends there, make that value a bound of plausible in the programme.',
  },
  modelTitle: 'How well the model predicts',
  modelIntro:
    'A model is reliable if what it predicts comes true on average. The points should lie on the line: each is a tenth of the predictions, always for patients the model had not seen while learning.',
  modelFamily: 'Model',
  trainedOn: 'Learned from',
  trainedRows: (rows, people) => `${rows} landmarks of ${people} patients`,
  coverage90: 'Cover of the 90% interval',
  coverageGoal: 'goal 90%',
  meanError: 'Mean absolute error',
  predicted: 'Predicted',
  observed: 'Came true',
  tenths: 'By tenth of the prediction',
  peopleGroups: 'By sex, age and size of practice',
  group: 'Group',
  cases: 'Number',
  bias: 'Bias',
  noCard: 'No model card came with this settlement.',
  groups: {
    female: 'women',
    male: 'men',
    'age below 50': 'younger than 50',
    'age 50 to 64': '50 to 64 years',
    'age 65 to 79': '65 to 79 years',
    'age 80 and over': '80 years and over',
    'practice below 50': 'practice of fewer than 50 patients',
    'practice 50 to 199': 'practice of 50 to 199 patients',
    'practice 200 and over': 'practice of 200 patients or more',
  },
}

export const MODEL_WORDS: Readonly<Record<Lang, ModelWords>> = { nl, en }
