/** COST: a claim per row, at the event that it is for. What the events are is known once their tables are read. */
import { Drafts } from '../mapping/drafts.ts'
import type { Origin } from '../../files/origins.ts'
import { inEuros } from '../mapping/euros.ts'
import { KEPT } from '../mapping/tally.ts'
import type { OmopReading } from './facts.ts'
import { dayIn } from './people.ts'
import type { TableRow } from '../../files/table-rows.ts'

interface Cost {
  readonly id: string
  readonly event: string
  readonly currency: string
  readonly amount: string
  readonly code: string
  readonly origin: Origin
}

interface Event {
  readonly patient: string
  readonly partner: string
  readonly on: string
  readonly code: string
  readonly quantity: string
  readonly setting: string
}

export class Costs {
  private readonly drafts: Drafts<{ cost: Cost }>
  /** events that a cost is for, as they are read */
  private readonly events = new Map<string, Event | null>()

  constructor(dir: string) {
    this.drafts = new Drafts(dir)
  }

  add(row: TableRow, origin: Origin): void {
    const event = `${row('cost_domain_id').toLowerCase()} ${row('cost_event_id')}`
    this.events.set(event, null)
    const amount = row('total_charge') || row('total_cost') || row('total_paid')
    const code = row('revenue_code_source_value') || row('drg_source_value')
    const [id, currency] = [row('cost_id'), row('currency_concept_id')]
    this.drafts.add('cost', { id, event, currency, amount, code, origin })
  }

  breathe = (): Promise<void> => this.drafts.breathe()

  /** A row of an event table, remembered if a cost is for it.
   *  @param prefix of its columns: visit, procedure, drug, measurement, observation */
  see(prefix: string, row: TableRow, { people }: OmopReading): void {
    if (this.events.size === 0) return
    const id = row(
      prefix === 'drug'
        ? 'drug_exposure_id'
        : ['visit', 'procedure'].includes(prefix)
          ? `${prefix}_occurrence_id`
          : `${prefix}_id`,
    )
    const key = `${prefix} ${id}`
    if (!this.events.has(key)) return
    const on = dayIn(row, `${prefix}_start_date`, `${prefix}_date`, 'drug_exposure_start_date')
    this.events.set(key, {
      patient: people.patientOf(row),
      partner: people.partnerAt(row),
      on,
      code: row(`${prefix}_source_value`),
      // elsewhere a quantity counts pills, and a modifier is no setting
      quantity: people.own ? row('quantity') : '1',
      setting: people.own ? row('modifier_source_value') : '',
    })
  }

  async write({ codes, tally, tables }: OmopReading): Promise<void> {
    for await (const { id, event: key, currency, amount, code, origin } of this.drafts.all('cost')) {
      const event = this.events.get(key) ?? null
      const rate = codes.eurosFor(currency)
      if (rate === undefined) tally.unmapped('currency', [{ system: 'OMOP', code: currency }])
      const fate =
        amount === ''
          ? 'without an amount'
          : amount === '*'
            ? 'suppressed'
            : rate === undefined
              ? 'in a currency that is not mapped to euros'
              : event === null
                ? 'for an event that is not there'
                : event.partner === ''
                  ? 'without an organisation'
                  : KEPT
      tally.add('COST', fate)
      if (fate !== KEPT || event === null || rate === undefined) continue
      tables.add(
        'claims.csv',
        {
          claim_id: id,
          patient_id: event.patient,
          partner_id: event.partner,
          performed_on: event.on,
          code: code || event.code || 'unknown',
          quantity: event.quantity,
          amount_eur: inEuros(amount, rate),
          setting: event.setting,
        },
        origin,
      )
      await tables.breathe()
    }
  }

  close = (): Promise<void> => this.drafts.close()
}
