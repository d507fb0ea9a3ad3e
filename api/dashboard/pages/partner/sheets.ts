/** The tables of one partner's payment, as its page and its files show them. */
import type { Format } from '../../../report/words/format.ts'
import { TIPPING_WORDS } from '../../../report/words/tipping-words.ts'
import type { AnswerOf } from '../../ask.ts'
import { measuredValue } from '../../elements/measured.ts'
import { column, type Sheet, type Values } from '../../files/sheet.ts'
import { frameWords } from '../../words/frame.ts'
import { partnerWords } from '../../words/partner.ts'
import { settlementWords } from '../../words/settlement.ts'
import type { PartnerCalculation } from '../settlement/amounts.ts'
import type { Names, PartnerRow } from '../settlement/settled.ts'

export type Statement = AnswerOf<'/v1/settlements/{settlement}/partners/{partner}', 'get'>
export type Receipt = AnswerOf<'/v1/settlements/{settlement}/partners/{partner}/receipt', 'get'>

/** Euros by outcome; with what the contract changes the sum is the payment. */
export function outcomesSheet(
  { outcomes = [], clauses_cents: clauses = 0, payment_cents }: PartnerCalculation,
  { titleOf }: Names,
  format: Format,
): Sheet {
  const words = partnerWords[format.lang].page
  return {
    caption: words.outcomesCaption,
    columns: [column(words.outcome), column(words.cents, 'cents')],
    rows: [
      ...outcomes.map(({ measure, cents }): Values => [titleOf(measure), cents]),
      ...(outcomes.length > 0 ? [[words.clauses, clauses] as const] : []),
    ],
    total: [words.payment, payment_cents],
  }
}

/** By outcome who counts and who is measured, with the gain in its unit. */
export function completeSheet({ outcomes }: PartnerRow, { titleOf, unitOf }: Names, format: Format): Sheet {
  const words = partnerWords[format.lang].page
  return {
    caption: words.completeCaption,
    columns: [
      column(words.outcome),
      column(words.eligible, 'count'),
      column(words.measured, 'count'),
      column(words.share, 'share'),
      column(words.net, 'signed', 3),
      column(words.credible, 'signed', 3),
    ],
    rows: outcomes.map((row): Values => {
      const unit = unitOf(row.measure)
      return [
        unit === '' ? titleOf(row.measure) : `${titleOf(row.measure)}, ${unit}`,
        row.eligible,
        row.measured,
        measuredValue([row], format),
        row.net_gain,
        row.credible_gain,
      ]
    }),
  }
}

export interface YearSettled {
  readonly settlementId: string
  readonly contract: string
  readonly asOf: string
  readonly state: string
  readonly patients: number | null
  readonly cents: number
}

/** A partner's settlements beside each other. */
export function yearsSheet(years: readonly YearSettled[], format: Format): Sheet {
  const words = partnerWords[format.lang].page
  const { states } = frameWords[format.lang]
  return {
    caption: words.yearsCaption,
    columns: [
      column(words.contract),
      column(words.asOf, 'day'),
      column(words.state),
      column(words.eligible, 'count'),
      column(words.payment, 'cents'),
    ],
    rows: years.map(({ contract, asOf, state, patients, cents }): Values => [
      contract,
      asOf,
      states[state] ?? state,
      patients,
      cents,
    ]),
  }
}

/** The parts of a payment; they add up to it. */
export function addsUpSheet({ adds_up = [], payment_cents }: Receipt, { titleOf }: Names, format: Format): Sheet {
  const words = partnerWords[format.lang].page
  return {
    caption: words.addsUpCaption,
    columns: [column(words.item), column(words.cents, 'number', 2)],
    rows: adds_up.map(({ item, measure, eur }): Values => {
      const name = words.items[item] ?? item
      return [measure === null ? name : `${titleOf(measure)}: ${name}`, eur]
    }),
    total: [words.payment, payment_cents / 100],
  }
}

export type PatientRow = NonNullable<Receipt['patients']>[number]

/** Patients of one partner, a row for each outcome. */
export function patientsSheet(patients: readonly PatientRow[], caption: string, names: Names, format: Format): Sheet {
  const words = partnerWords[format.lang].page
  return {
    caption,
    columns: [
      column(words.patient),
      column(words.outcome),
      column(words.index, 'day'),
      column(words.expected, 'number', 1),
      column(words.realised, 'number', 1),
      column(words.effect, 'signed', 2),
    ],
    rows: patients.map((row): Values => [
      row.patient_id,
      names.titleOf(row.measure),
      row.index_on,
      row.mean,
      row.realised,
      row.payment_eur,
    ]),
  }
}

/** How much worse the missing would have to be before the bonus is gone. */
export function tippingSheet(tipping: NonNullable<Statement['tipping']>, names: Names, format: Format): Sheet {
  const words = partnerWords[format.lang].page
  return {
    caption: tippingSays(tipping, format),
    columns: [
      column(words.outcome),
      column(words.eligible, 'count'),
      column(words.missing, 'count'),
      column(words.tipsAt),
    ],
    rows: tipping.outcomes.map(({ measure, eligible, missing, gap }): Values => [
      names.titleOf(measure),
      eligible,
      missing ?? frameWords[format.lang].fewerThanTen,
      gap === null ? '–' : words.gap(format.number(gap, 2), names.unitOf(measure)),
    ]),
  }
}

export function tippingSays({ verdict, gap_sd }: NonNullable<Statement['tipping']>, format: Format): string {
  const words = TIPPING_WORDS[format.lang]
  return verdict === 'tips'
    ? words.tips(format.number(gap_sd, 2))
    : ((words.verdicts as Readonly<Record<string, string>>)[verdict] ?? verdict)
}

/** Who pays a partner. */
export function payersSheet({ insurers, payment_cents }: PartnerRow, format: Format): Sheet {
  const words = settlementWords[format.lang]
  return {
    caption: partnerWords[format.lang].page.insurers,
    columns: [column(words.insurers.insurer), column(words.share.cents, 'cents')],
    rows: insurers.map(({ insurer, cents }): Values => [
      insurer === 'unknown' ? words.insurers.unknown : insurer,
      cents,
    ]),
    total: [words.partners.total, payment_cents],
  }
}
