/** Words of the list of settlements. */
const nl = {
  title: 'Afrekeningen',
  caption: 'Per contract de stand van de gegevens; de laatste stand geldt.',
  contract: 'Contract',
  asOf: 'Stand van de gegevens',
  state: 'Toestand',
  status: 'Status',
  empty: 'Er is nog niets afgerekend dat u mag zien. Zodra een afrekening is gecontroleerd, staat zij hier.',
}
const en: typeof nl = {
  title: 'Settlements',
  caption: 'For each contract the data as they were known on a day; the latest day holds.',
  contract: 'Contract',
  asOf: 'As of',
  state: 'State',
  status: 'Status',
  empty: 'Nothing that you may see has been settled yet. A settlement stands here once it has been reviewed.',
}
export const listWords = { nl, en }
