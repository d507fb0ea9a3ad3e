/** The tables of a settlement, as its page and its files show them. */
import type { AnswerOf } from '../../ask.ts'
import { measuredValue } from '../../elements/measured.ts'
import { column, totalOf, type Sheet, type Values } from '../../files/sheet.ts'
import type { Format } from '../../../report/words/format.ts'
import { DIFFERENCE_WORDS } from '../../../report/words/difference-words.ts'
import { CAUSES } from '../../../../engine/explain/difference.ts'
import { frameWords } from '../../words/frame.ts'
import { settlementWords } from '../../words/settlement.ts'
import { statementWords, type Life, type Settled } from './settled.ts'

/** What partners are paid; small panels together; the sum is that of the settlement. */
export function partnersSheet({ settlement, names }: Settled, format: Format): Sheet {
  const words = settlementWords[format.lang].partners
  const { reasons } = statementWords[format.lang]
  const { partners = [], small_panels: small = null, totals } = settlement
  const rows = partners.map((row): Values => {
    const [low = null, high = null] = row.interval90_cents
    return [
      names.nameOf(row.partner_id),
      row.eligible,
      measuredValue([row], format),
      row.value_eur_per_patient_year,
      row.payment_cents,
      low,
      high,
      row.reason === null ? '' : (reasons[row.reason] ?? row.reason),
    ]
  })
  const folded: Values[] = small
    ? [
        [
          words.small(format.count(small.partners.length)),
          small.eligible ?? frameWords[format.lang].fewerThanTen,
          null,
          null,
          small.payment_cents,
          null,
          null,
          '',
        ],
      ]
    : []
  const all = [...rows, ...folded]
  return {
    caption: words.caption,
    columns: [
      column(words.partner),
      column(words.patients, 'count'),
      column(words.measured, 'share'),
      column(words.value, 'signed', 2),
      column(words.payment, 'cents'),
      column(words.low, 'cents'),
      column(words.high, 'cents'),
      column(words.reason),
    ],
    rows: all,
    total: [
      words.total,
      small?.eligible === null ? null : totalOf(all, 1),
      null,
      null,
      totals?.payment_cents ?? totalOf(all, 4),
      null,
      null,
      '',
    ],
  }
}

/** What each insurer owes, has paid before and still has to pay. */
export function insurersSheet({ shares }: Life, format: Format): Sheet {
  const words = settlementWords[format.lang].insurers
  const done = (of: { readonly by: string; readonly on: string } | null): string =>
    of === null ? words.notYet : words.byOn(of.by, format.day(of.on.slice(0, 10)))
  const rows = shares.map((share): Values => [
    share.insurer === 'unknown' ? words.unknown : share.insurer,
    share.owed_cents,
    share.before_cents,
    share.due_cents,
    done(share.approved),
    done(share.paid),
  ])
  return {
    caption: words.caption,
    columns: [
      column(words.insurer),
      column(words.owed, 'cents'),
      column(words.before, 'cents'),
      column(words.due, 'cents'),
      column(words.approved),
      column(words.paid),
    ],
    rows,
    total: [settlementWords[format.lang].partners.total, totalOf(rows, 1), totalOf(rows, 2), totalOf(rows, 3), '', ''],
  }
}

/** Of what an insurer's table is made. */
interface ShareSettled extends Pick<Settled, 'settlement' | 'life'> {
  readonly names: Pick<Settled['names'], 'nameOf'>
}

/** What an insurer pays each partner for its own insured, and what of it is still to be paid. */
export function shareSheet({ settlement, life, names }: ShareSettled, format: Format): Sheet {
  const words = settlementWords[format.lang]
  const { insurer } = settlement
  const pays = life?.shares.find((share) => share.insurer === insurer?.insurer)?.pays ?? []
  const dueTo = (partner: string | null): number => pays.find(({ partner_id: id }) => id === partner)?.due_cents ?? 0
  const small = insurer?.small_panels_cents ?? null
  const rows = [
    ...(insurer?.partners ?? []).map(({ partner_id: id, cents }): Values => [names.nameOf(id), cents, dueTo(id)]),
    ...(small === null ? [] : [[words.bridge.small, small, dueTo(null)] as const]),
  ]
  return {
    caption: words.share.caption,
    columns: [column(words.partners.partner), column(words.share.cents, 'cents'), column(words.share.due, 'cents')],
    rows,
    total: [words.partners.total, insurer?.payment_cents ?? 0, totalOf(rows, 2)],
  }
}

type Difference = AnswerOf<'/v1/settlements/{settlement}/difference', 'get'>

/** By partner, what makes its payment different from that of the settlement before. */
export function differenceSheet(difference: Difference, names: Settled['names'], format: Format): Sheet {
  const words = settlementWords[format.lang]
  const { causes: causeWords } = DIFFERENCE_WORDS[format.lang]
  const valuesOf = (
    name: string,
    row: Pick<Difference['partners'][number], 'before_cents' | 'after_cents' | 'causes'>,
  ): Values => [name, row.before_cents, ...CAUSES.map((cause) => row.causes?.[cause] ?? null), row.after_cents]
  const { partners, small_panels: small = null, totals, from, to } = difference
  const rows = [
    ...partners.map((row) => valuesOf(names.nameOf(row.partner_id), row)),
    ...(small ? [valuesOf(words.partners.small(format.count(small.partners.length)), small)] : []),
  ]
  return {
    caption: words.difference.caption,
    columns: [
      column(words.partners.partner),
      column(format.day(from.as_of), 'cents'),
      ...CAUSES.map((cause) => column(causeWords[cause], 'cents')),
      column(format.day(to.as_of), 'cents'),
    ],
    rows,
    ...(totals ? { total: valuesOf(words.partners.total, totals) } : {}),
  }
}
