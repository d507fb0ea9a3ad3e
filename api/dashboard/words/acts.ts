/** Words of what may be done with a settlement next. */
const nl = {
  title: 'Wat u nu kunt doen',
  note: 'Toelichting (mag leeg blijven)',
  insurer: 'Aandeel van',
  unknown: 'verzekerden van wie de verzekeraar onbekend is',
  finality: 'Vrijgeven als',
  acts: {
    review: 'Gecontroleerd',
    release: 'Akkoord met dit aandeel',
    reject: 'Afwijzen',
    pay: 'Betaald',
  },
  says: {
    review:
      'U hebt de afrekening gecontroleerd en legt haar voor aan de verzekeraars. Wie haar opstelde, controleert haar niet.',
    release: 'U gaat akkoord met dit aandeel. Het laatste akkoord geeft de afrekening vrij.',
    reject: 'De afrekening vervalt; haar boekingen worden teruggedraaid. Schrijf erbij waarom.',
    pay: 'Het aandeel is overgemaakt. Wie akkoord ging, betaalt het niet.',
  },
  waiting: {
    prepared: 'De afrekening wacht op controle door een analist.',
    reviewed: 'De afrekening wacht op akkoord van de verzekeraars.',
    released: 'De afrekening is vrijgegeven en wacht op betaling.',
    paid: 'De afrekening is betaald. Er hoeft niets meer te gebeuren.',
    rejected: 'De afrekening is afgewezen en telt niet.',
  } as Readonly<Record<string, string>>,
}
const en: typeof nl = {
  title: 'What you can do now',
  note: 'Note (may be left empty)',
  insurer: 'Share of',
  unknown: 'insured of whom no insurer is known',
  finality: 'Release as',
  acts: {
    review: 'Reviewed',
    release: 'Approve this share',
    reject: 'Reject',
    pay: 'Paid',
  },
  says: {
    review: 'You have reviewed the settlement and lay it before the insurers. Who prepared it does not review it.',
    release: 'You approve this share. The last approval releases the settlement.',
    reject: 'The settlement lapses; its entries are reversed. Say why.',
    pay: 'The share has been transferred. Who approved it does not pay it.',
  },
  waiting: {
    prepared: 'The settlement waits for an analyst to review it.',
    reviewed: 'The settlement waits for the insurers to approve it.',
    released: 'The settlement is released and waits to be paid.',
    paid: 'The settlement is paid. Nothing is left to be done.',
    rejected: 'The settlement is rejected and does not count.',
  },
}
export const actWords = { nl, en }
