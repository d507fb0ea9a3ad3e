/** The parts of a bundle, in their order, and what their records say. */
import type { LedgerRow } from '../method/inputs.ts'

export const PARTS = [
  'bundle.json',
  'contract.json',
  'contract.yaml',
  'partners.csv',
  'quality.csv',
  'barred.csv',
  'exposure.csv',
  'control-fit.csv',
  'expectations.csv',
  'placebo.csv',
  'settlement.json',
  'ledger.csv',
  'reversed.csv',
] as const

export type CsvRecord = Readonly<Record<string, string>>

export const number = (text: string | undefined): number => (text === undefined || text === '' ? NaN : Number(text))

export const ledgerRow = (record: CsvRecord): LedgerRow => ({
  entry_id: record.entry_id ?? '',
  settlement_id: record.settlement_id ?? '',
  account: record.account ?? '',
  partner_id: record.partner_id ?? '',
  insurer: record.insurer ?? '',
  debit_cents: number(record.debit_cents),
  credit_cents: number(record.credit_cents),
  posted_on: record.posted_on ?? '',
  reverses: record.reverses ?? '',
  seq: number(record.seq),
  previous_hash: record.previous_hash ?? '',
  hash: record.hash ?? '',
})
