/** The first pages: the amounts, who is paid what, and what the same care costs in other ways. */
import { outcomeValues } from './calculation-section.ts'
import { markup, type Html } from '../elements/html.ts'
import { comparisonChart } from '../charts/comparison-chart.ts'
import { intervalChart } from '../charts/interval-chart.ts'
import { numeric, tableOf, text, type Row } from '../elements/table.ts'
import { inWords, listed, measuredShareText, reasonText, type View } from '../elements/view.ts'

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** The amounts a board asks for first, and one sentence that says what they mean. */
export function headline(view: View): Html {
  const { settlement, words, format } = view
  const { totals } = settlement
  const payments = settlement.partners.map((partner) => partner.payment_cents)
  const [gains, losses] = [payments.filter((cents) => cents > 0), payments.filter((cents) => cents < 0)]
  const paid = format.count(gains.length)
  const all = format.count(settlement.partners.length)
  const tiles: readonly (readonly [name: string, value: string, kind: string, note?: string])[] = [
    [words.headTotal, format.cents(settlement.totals.payment_cents), 'first'],
    [
      words.headPartners,
      words.ofPartners(paid, all),
      '',
      losses.length > 0 ? words.owing(format.count(losses.length)) : '',
    ],
    [
      words.headPatients,
      view.eligible === 0 ? words.fewerThanTen : format.count(view.eligible),
      '',
      measuredByOutcome(view),
    ],
    totals.per_procedure_cents === 0
      ? [words.headProcedure, '–', 'quiet', words.noClaims]
      : [words.headProcedure, format.cents(totals.per_procedure_cents), 'quiet'],
    view.contract.bundled === null
      ? [words.headBundled, '–', 'quiet', words.noBundle]
      : [words.headBundled, format.cents(totals.bundled_cents), 'quiet'],
  ]
  const sentences = [
    ...(gains.length > 0
      ? [words.summaryPaid(gains.length, settlement.partners.length, format.cents(sum(gains)))]
      : []),
    ...(losses.length > 0 ? [words.summaryOwed(losses.length, format.cents(-sum(losses)))] : []),
  ]
  return markup`<section class="headline" aria-label="${words.headTotal}">
    <dl class="tiles">
      ${tiles.map(([name, value, kind, note]) => markup`<div${kind ? markup` class="${kind}"` : null}><dt>${name}</dt><dd>${value}${note ? markup`<small>${note}</small>` : null}</dd></div>`)}
    </dl>
    <p class="lead">${sentences.length === 0 ? words.summaryNone : sentences.join(' ')}</p>
    ${
      gains.length > 0 && losses.length > 0
        ? markup`<p>
            ${words.summaryBridge}
            <span class="equation"
              >${format.cents(sum(gains))} − ${format.cents(-sum(losses))} =
              <strong>${format.cents(settlement.totals.payment_cents)}</strong></span
            >
          </p>`
        : null
    }
    ${toComeText(view)}
    <p>${words.summaryHow}</p>
  </section>`
}

/** How many results a later settlement may still have. */
function toComeText({ toCome, words, format, settlement }: View): Html | null {
  if (toCome === null || toCome.results === 0) return null
  const day = format.day(settlement.as_of)
  const { results, of } = toCome
  if (results === null) return markup`<p>${words.fewToCome(day)}</p>`
  return markup`<p>${words.toCome(format.count(results), format.count(of), day)}</p>`
}

/** The share measured of each outcome, over the partners that are shown apart. */
function measuredByOutcome(view: View): string {
  const { contract, panels, words } = view
  const shares = contract.outcomes.map(({ measure }, k) => {
    const rows = panels.shown.map(({ outcomes }) => outcomes[k]!)
    const [measured, eligible] = [sum(rows.map((row) => row.measured)), sum(rows.map((row) => row.eligible))]
    return `${view.titleOf(measure)} ${measuredShareText(view, measured, eligible)}`
  })
  if (panels.shown.length === 0) return ''
  return words.headMeasured(shares.join(', '), panels.folded !== null)
}

/** The row of all small panels together. */
function foldedRow(
  view: View,
  cellsAfter: (folded: NonNullable<View['panels']['folded']>) => readonly string[],
): Row[] {
  const { folded } = view.panels
  if (!folded) return []
  const { words, format } = view
  const count = format.count(folded.partnerIds.length)
  const name = words.smallPanels(words.partnersCount(folded.partnerIds.length, count))
  return [{ kind: 'folded', cells: [name, ...cellsAfter(folded)] }]
}

export function payments(view: View): Html {
  const { settlement, words, format, panels } = view
  const rows: Row[] = panels.shown.map((partner) => ({
    cells: [
      view.nameOf(partner.partner_id),
      format.count(partner.eligible),
      format.number(partner.patient_years, 1),
      format.euros(partner.value_eur_per_patient_year),
      markup`<strong>${format.cents(partner.payment_cents)}</strong>`,
      intervalText(view, partner.interval90_cents),
      reasonText(view, partner.reason),
    ],
  }))
  const folded = foldedRow(view, ({ eligible, patientYears, paymentCents }) => [
    eligible === null ? words.fewerThanTen : format.count(eligible),
    patientYears === null ? '–' : format.number(patientYears, 1),
    '–',
    format.cents(paymentCents),
    '–',
    paymentCents === 0 ? (words.reasons.panel_too_small ?? '') : '',
  ])
  const total: Row = {
    kind: 'total',
    cells: [
      words.total,
      view.eligible === 0 ? words.fewerThanTen : format.count(view.eligible),
      '',
      '',
      format.cents(settlement.totals.payment_cents),
      '',
      '',
    ],
  }
  const lines = panels.shown.map((partner) => ({
    name: view.nameOf(partner.partner_id),
    low: partner.interval90_cents[0] / 100,
    value: partner.payment_cents / 100,
    high: partner.interval90_cents[1] / 100,
    note: format.cents(partner.payment_cents),
  }))
  const columns = [
    text(words.partner),
    ...[words.patients, words.patientYears, words.valuePerYear, words.payment, words.interval90].map(numeric),
    text(words.reason),
  ]
  return markup`<p>${words.paymentIntro}</p>
    ${
      lines.length === 0
        ? null
        : markup`<figure>
            ${intervalChart({
              id: 'payments',
              label: `${words.paymentTitle}: ${lines.map((line) => `${line.name} ${line.note}`).join('; ')}`,
              lines,
              axis: `${words.payment} (${words.interval90})`,
              tick: (value) => `€ ${format.number(value, 0)}`,
            })}
          </figure>`
    }
    ${tableOf(words.paymentTitle, columns, [...rows, ...folded, total])} ${outcomeValues(view)}`
}

const intervalText = ({ format, words }: View, interval: readonly number[]): string =>
  words.range(format.cents(interval[0] ?? 0), format.cents(interval[1] ?? 0))

export function comparison(view: View): Html {
  const { settlement, contract, words, format, panels } = view
  const { totals } = settlement
  const amounts = (payment: number, procedure: number, bundled: number): string[] => [
    format.cents(payment),
    totals.per_procedure_cents === 0 ? '–' : format.cents(procedure),
    contract.bundled === null ? '–' : format.cents(bundled),
  ]
  const rows: Row[] = panels.shown.map((partner) => ({
    cells: [
      view.nameOf(partner.partner_id),
      ...amounts(partner.payment_cents, partner.per_procedure_cents, partner.bundled_cents),
    ],
  }))
  const folded = foldedRow(view, (row) => amounts(row.paymentCents, row.perProcedureCents, row.bundledCents))
  const total: Row = {
    kind: 'total',
    cells: [words.total, ...amounts(totals.payment_cents, totals.per_procedure_cents, totals.bundled_cents)],
  }
  const columns = [text(words.partner), ...[words.outcomePayment, words.perProcedure, words.bundled].map(numeric)]
  const advance = contract.bundled ? Math.round(totals.bundled_cents * contract.bundled.advanceShare) : 0
  return markup`<p>${words.comparisonIntro}</p>
    ${rows.length === 0 || totals.per_procedure_cents + totals.bundled_cents === 0 ? null : markup`<figure>${comparisonChart(view)}</figure>`}
    ${tableOf(words.comparisonTitle, columns, [...rows, ...folded, total])}
    ${contract.bundled ? markup`<p>${words.advance(format.percent(contract.bundled.advanceShare), format.cents(advance))}</p>` : null}`
}

/** Amounts over all partners by insurer and by link of the chain. */
export function division(view: View): Html {
  const { settlement, words, format } = view
  const totalsBy = (
    pairs: readonly { readonly key: string; readonly cents: number }[],
  ): (readonly [string, number])[] => {
    const totals = new Map<string, number>()
    for (const { key, cents } of pairs) totals.set(key, (totals.get(key) ?? 0) + cents)
    return [...totals].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  }
  const insurers = totalsBy(
    settlement.partners.flatMap((partner) => partner.insurers.map(({ insurer, cents }) => ({ key: insurer, cents }))),
  )
  const kinds = totalsBy(
    settlement.partners.flatMap((partner) => partner.attribution.map(({ kind, cents }) => ({ key: kind, cents }))),
  )
  const insurerName = (insurer: string): string =>
    insurer === '' || insurer === 'unknown' ? words.unknownInsurer : insurer
  const rowsOf = (totals: readonly (readonly [string, number])[], nameOf: (key: string) => string): Row[] => [
    ...totals.map(([key, cents]) => ({ cells: [nameOf(key), format.cents(cents)] })),
    { kind: 'total', cells: [words.total, format.cents(sum(totals.map(([, cents]) => cents)))] },
  ]
  return markup`<p>${words.insurersIntro}</p>
    <div class="pair">
      ${tableOf(words.insurer, [text(words.insurer), numeric(words.amount)], rowsOf(insurers, insurerName))}
      ${
        kinds.length === 0
          ? null
          : tableOf(
              words.chain,
              [text(words.chain), numeric(words.amount)],
              rowsOf(kinds, (kind) => words.kinds[kind] ?? inWords(kind)),
            )
      }
    </div>`
}

/** Names of partners in a sentence. */
export const namesOf = (view: View, partnerIds: readonly string[]): string =>
  listed(
    view,
    partnerIds.map((id) => view.nameOf(id)),
  )
