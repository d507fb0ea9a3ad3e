/** A settlement as text for the terminal; figures of fewer than ten people are suppressed. */
import { SMALLEST_CELL } from '../../../data/runs/aggregates.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { ledgerHead, readSettlement } from '../../../data/settlements/settlements.ts'
import type { Settlement } from '../../../engine/settlement/statement.ts'
import type { LifecycleView } from '../../schemas/lifecycle.ts'
import { readWhole } from '../../views/settlement-view.ts'
import { toComeOf } from '../../views/to-come.ts'
import type { Terminal } from '../terminal.ts'

const euros = new Intl.NumberFormat('nl-NL', { style: 'currency', currency: 'EUR' })
export const euro = (cents: number) => euros.format(cents / 100)

/** Prints the statement and returns the document. */
export async function printSettlement(
  store: Store,
  settlementId: string,
  out: string | undefined,
  { line }: Terminal,
): Promise<Settlement> {
  const stored = await readSettlement(store, settlementId)
  const { status, state } = stored
  const record = await readWhole(store, stored)
  const { settlement, contract } = record
  const { partners, totals } = settlement
  line(`Contract ${settlement.contract}, as known on ${settlement.as_of} (${state}, ${status}):`)
  const perUnit = contract.index === 'enrolment' ? 'EUR an episode' : 'EUR a patient-year'
  line(row(['partner', 'eligible', 'measured', perUnit, 'payment', '90% interval', 'why nothing']))
  for (const partner of partners) {
    const [low, high] = partner.interval90_cents
    line(
      row([
        partner.partner_id,
        peopleDisclosed(partner.eligible),
        partner.eligible < SMALLEST_CELL ? '' : peopleDisclosed(partner.measured),
        partner.value_eur_per_patient_year.toFixed(2),
        euro(partner.payment_cents),
        `${euro(low)} … ${euro(high)}`,
        partner.reason ?? '',
      ]),
    )
  }
  line(
    `In all ${euro(totals.payment_cents)} for health gain; for comparison ${euro(totals.per_procedure_cents)} per procedure and ${euro(totals.bundled_cents)} bundled.`,
  )
  const { results, of } = await toComeOf(store, record)
  if (results === null) line('Of fewer than ten people a result can still come.')
  else if (results > 0) line(`${results} of ${of} results can still come.`)
  const head = await ledgerHead(store)
  if (head) line(`The ledger ends at entry ${head.seq}: ${head.hash}`)
  line(`Settlement ${settlementId}${out === undefined ? '' : `; the statement: ${out}/report.html`}`)
  return settlement
}

/** Prints the events, the payments and the head of the ledger. */
export function printLifecycle(
  { state, status, events, shares, pays, segment2, held_by, ledger_head }: LifecycleView,
  { line }: Terminal,
): void {
  for (const { on, state, by, finality, note } of events)
    line(`${on}  ${state}${finality === null ? '' : ` (${finality})`} by ${by}${note === '' ? '' : `: ${note}`}`)
  for (const { insurer, approved, paid, due_cents } of shares)
    line(
      `${insurer.padEnd(10)} ${approved ? `approved by ${approved.by} on ${approved.on}` : 'not approved'}, ${paid ? `paid by ${paid.by} on ${paid.on}` : 'not paid'}, due ${euro(due_cents)}`,
    )
  for (const { partner_id, owed_cents, before_cents, due_cents } of pays)
    line(`${partner_id.padEnd(10)} owed ${euro(owed_cents)}, paid before ${euro(before_cents)}, due ${euro(due_cents)}`)
  for (const { partner_id, bundled_cents, advanced_cents, remainder_cents } of segment2)
    line(
      `${partner_id.padEnd(10)} segment 2: bundled ${euro(bundled_cents)}, advances ${euro(advanced_cents)}, ${remainder_cents < 0 ? 'to be paid back' : 'still to be invoiced'} ${euro(Math.abs(remainder_cents))}`,
    )
  for (const sentence of held_by) line(`Held: ${sentence}`)
  line(
    `It is ${state} and ${status}${ledger_head ? `; the ledger ends at entry ${ledger_head.seq}: ${ledger_head.hash}` : ''}`,
  )
}

const peopleDisclosed = (people: number): string =>
  people > 0 && people < SMALLEST_CELL ? `<${SMALLEST_CELL}` : String(people)

const widths = [10, 9, 9, 19, 15, 31, 0]
const row = (cells: readonly string[]): string =>
  cells
    .map((cell, at) =>
      at === 0 ? cell.padEnd(widths[0]!) : at === cells.length - 1 ? `  ${cell}` : cell.padStart(widths[at]!),
    )
    .join('')
    .trimEnd()
