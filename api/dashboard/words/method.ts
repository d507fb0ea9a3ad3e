/** Words of the page on the method: docs/method.md in short, with its section and a worked example of test/engine/cases at each step. */

interface Step {
  readonly head: string
  readonly says: readonly string[]
  /** an example that can be checked by hand, if there is one here, and the file with others */
  readonly example: string | null
  readonly file: string
  /** of docs/method.md */
  readonly section: string
}

const nl = {
  title: 'Methode',
  lead: 'Zo komt een bedrag tot stand. Vier stappen, met voorbeelden die u met de hand kunt narekenen.',
  example: 'Voorbeeld',
  where: (section: string, file: string) => `Formules: docs/method.md, ${section}. Meer voorbeelden: ${file}.`,
  steps: [
    {
      head: '1. Wat te verwachten was',
      says: [
        'Voor ieder mens apart wordt vooraf uitgerekend wat over een jaar te verwachten is: niet één getal, maar hoe waarschijnlijk elke waarde is.',
        'Het model leert van de jaren vóór het contract. Het ziet de eigen geschiedenis, leeftijd, geslacht, aandoeningen en medicijnen. Het ziet niet bij welke partner iemand is, en niets van na de peildatum.',
        'Wat iemand te wachten staat, voorspelt een model dat van deze mens zelf niet heeft geleerd.',
      ],
      example: null,
      file: 'test/engine/cases/status.yaml',
      section: 'hoofdstuk 1 en 2',
    },
    {
      head: '2. De winst',
      says: [
        'Winst is wat bereikt is min wat verwacht was, op een schaal waarop hoger altijd beter is.',
        'Wat telt als iemand niet gemeten is, zegt het contract. Meestal is dat wat bij mensen zoals deze gebeurt.',
      ],
      example: 'Een doel tussen 48 en 64: iemand met 70 ligt er 6 boven, dus −6. Iemand met 50 ligt erin, dus 0.',
      file: 'test/engine/cases/health.yaml',
      section: 'hoofdstuk 3',
    },
    {
      head: '3. De partner',
      says: [
        'Van alle mensen van een partner wordt het gemiddelde genomen, met een foutmarge.',
        'Daar gaat af wat de partner vóór het contract al beter of slechter deed, en wat bij partners buiten het contract ook gebeurde.',
        'Hoe minder een cijfer zegt, hoe dichter het naar het gemiddelde van allen wordt getrokken. Toeval wordt zo niet betaald.',
      ],
      example:
        'Twee partners met een winst van 1 en 3, elk met een foutvariantie van 1: het cijfer zegt half zoveel, dus 1,5 en 2,5.',
      file: 'test/engine/cases/credibility.yaml',
      section: 'hoofdstuk 4',
    },
    {
      head: '4. De betaling',
      says: [
        'De winst keer de prijs is een waarde per patiëntjaar. Een drempel gaat eraf, daarna volgt het deel dat verdeeld wordt.',
        'Daarna gelden een bodem en een plafond, poorten voor kwaliteit, en een budget voor allen samen.',
        'Pas aan het eind wordt één keer afgerond, op hele centen.',
      ],
      example:
        'Een waarde van € 20 per patiëntjaar, een drempel van € 5, de helft wordt verdeeld: (20 − 5) × 0,5 = € 7,50. Over 100 patiëntjaren € 750,00.',
      file: 'test/engine/cases/payment.yaml',
      section: 'hoofdstuk 5',
    },
  ] satisfies readonly Step[] as readonly Step[],
  certain: 'Hoe zeker is het?',
  certainSays: [
    'Bij elk bedrag staat een interval van 90%: van tien zulke intervallen bevatten er gemiddeld negen de ware waarde.',
    'Een model wordt pas gebruikt om te betalen als het aantoonbaar beter voorspelt dan eenvoudige regels, en een mens dat heeft gelezen en goedgekeurd.',
    'Wie een afrekening opstelt, controleert haar niet en geeft haar niet vrij.',
  ],
  small: 'Kleine groepen',
  smallSays: [
    'Van groepen onder de tien mensen wordt niets getoond. Een partner met weinig patiënten wordt niet betaald.',
  ],
}

const en: typeof nl = {
  title: 'Method',
  lead: 'How an amount comes about. Four steps, with examples that you can check by hand.',
  example: 'Example',
  where: (section, file) => `Formulas: docs/method.md, ${section}. More examples: ${file}.`,
  steps: [
    {
      head: '1. What was to be expected',
      says: [
        'For each person it is worked out beforehand what is to be expected a year on: not one number, but how likely each value is.',
        'The model learns from the years before the contract. It sees the own history, age, sex, conditions and medication. It does not see which partner somebody is with, and nothing after the index date.',
        'What awaits somebody is predicted by a model that has not learned from this very person.',
      ],
      example: null,
      file: 'test/engine/cases/status.yaml',
      section: 'sections 1 and 2',
    },
    {
      head: '2. The gain',
      says: [
        'Gain is what was realised less what was expected, on a scale where higher is always better.',
        'What counts where somebody was not measured, the contract says. Mostly it is what happens to people like this one.',
      ],
      example: 'A target between 48 and 64: somebody at 70 is 6 above it, so −6. Somebody at 50 is within it, so 0.',
      file: 'test/engine/cases/health.yaml',
      section: 'section 3',
    },
    {
      head: '3. The partner',
      says: [
        'Of all people of a partner the mean is taken, with its error.',
        'From that is taken what the partner did better or worse before the contract already, and what happened with partners outside the contract too.',
        'The less a figure says, the closer it is drawn to the mean of all. So chance is not paid.',
      ],
      example:
        'Two partners with a gain of 1 and 3, each with an error variance of 1: the figure says half as much, so 1.5 and 2.5.',
      file: 'test/engine/cases/credibility.yaml',
      section: 'section 4',
    },
    {
      head: '4. The payment',
      says: [
        'The gain times the price is a value per patient-year. A dead band comes off, then follows the part that is shared.',
        'Then hold a floor and a cap, gates for quality, and a budget for all together.',
        'It is rounded once, at the very end, to whole cents.',
      ],
      example:
        'A value of €20 per patient-year, a dead band of €5, half is shared: (20 − 5) × 0.5 = €7.50. Over 100 patient-years €750.00.',
      file: 'test/engine/cases/payment.yaml',
      section: 'section 5',
    },
  ],
  certain: 'How certain is it?',
  certainSays: [
    'With each amount stands an interval of 90%: of ten such intervals nine hold the true value on average.',
    'A model is used to pay by only once it was shown to predict better than simple rules, and a person has read that and approved it.',
    'Whoever prepares a settlement neither reviews nor releases it.',
  ],
  small: 'Small groups',
  smallSays: ['Nothing is shown of groups under ten people. A partner with few patients is not paid.'],
}
export const methodWords = { nl, en }
