/** The files of a run that are read from the store, row by row: expectations.csv, placebo.csv, ledger.csv (interface.md 5). */
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { dayOf, NEVER } from '../engine/calendar.ts'
import { type Batch, copyOut, type ReadKind } from './copy-out.ts'
import type { Store } from './database.ts'
import type { Run } from './runs.ts'
import { readLedger } from './settlements.ts'
import { inTransaction } from './transaction.ts'

/** A column of expectations.csv, and how it is selected. */
type Column = readonly [name: string, read: ReadKind, sql: string]

const name = (column: string, sql: string): Column => [column, 'text', sql]
const amount = (column: string, of: string): Column => [column, 'float8', `${of}.${column}`]
const date = (column: string, of: string): Column => [column, 'date', `${of}.${column}`]

const COLUMNS: readonly Column[] = [
  name('patient_id', 'w.patient_id'),
  name('partner_id', 'p.partner_id'),
  name('practice_id', 'g.partner_id'),
  name('programme', 'c.programme'),
  name('measure', 'k.key'),
  date('index_on', 'e'),
  date('target_on', 'e'),
  name('status', 'h.status::text'),
  amount('baseline', 'h'),
  ...['mean', 'sd', 'q05', 'q10', 'q25', 'q50', 'q75', 'q90', 'q95'].map((column) => amount(column, 'e')),
  amount('realised', 'h'),
  date('realised_on', 'h'),
  amount('expected_value', 'e'),
  amount('realised_value', 'h'),
  amount('gain', 'h'),
  amount('measured_probability', 'a'),
  amount('imputed_gain', 'a'),
  amount('contribution', 'a'),
  name('model_id', 'm.model_id'),
]
const YEARS_BEFORE: Column = ['years_before', 'int2', 'e.years_before']

/** Writes expectations.csv of a run: contract and control partners, every status, by patient_id and measure.
 *  @returns the number of rows */
export const writeExpectations = (store: Pick<Store, 'pool'>, run: Run, out: Writable): Promise<number> =>
  writeAssessments(store, run, COLUMNS, 'e.years_before = 0', out)

/** Writes placebo.csv of a run: the same for the years before that count, by patient_id, measure and years before.
 *  @returns the number of rows */
export const writePlacebo = (store: Pick<Store, 'pool'>, run: Run, out: Writable): Promise<number> =>
  writeAssessments(store, run, [...COLUMNS, YEARS_BEFORE], 'e.years_before > 0', out)

/** Writes ledger.csv: the entries of one settlement, in the order of the book. */
export async function writeLedger(store: Pick<Store, 'db'>, settlementId: string, out: Writable): Promise<void> {
  const columns = ['entry_id', 'settlement_id', 'account', 'partner_id', 'insurer'] as const
  const rest = ['debit_cents', 'credit_cents', 'posted_on', 'reverses'] as const
  const lines = (await readLedger(store, settlementId)).map((entry) =>
    [...columns, ...rest].map((column) => cell(String(entry[column] ?? ''))).join(','),
  )
  await write(out, [[...columns, ...rest].join(','), ...lines].map((line) => `${line}\n`).join(''))
}

async function writeAssessments(
  store: Pick<Store, 'pool'>,
  run: Run,
  columns: readonly Column[],
  which: string,
  out: Writable,
): Promise<number> {
  const kinds = columns.map(([, kind]) => kind)
  await write(out, `${columns.map(([column]) => column).join(',')}\n`)
  return await inTransaction(
    store,
    async ({ client }) => {
      // the rows are sorted where they lie; a quarter of a gigabyte keeps most runs off the disk
      await client.query(`set local enable_nestloop = off; set local work_mem = '256MB'`)
      return await copyOut(client, selectOf(run, columns, which), kinds, (batch) => write(out, linesOf(batch, kinds)))
    },
    'repeatable read',
  )
}

const selectOf = ({ runKey }: Run, columns: readonly Column[], which: string): string => `
  select ${columns.map(([, , sql]) => sql).join(', ')}
    from expectation e
    join run r using (run_key)
    join contract c using (contract_sha256)
    join measure_key k using (measure_id)
    join patient w using (patient_key)
    join run_partner p on p.run_id = r.run_id and p.partner_no = e.partner_no
    join run_partner g on g.run_id = r.run_id and g.partner_no = e.practice_no
    join realisation h using (run_key, measure_id, years_before, patient_key)
    left join run_model m on m.run_id = r.run_id and m.measure = k.key
    left join gain a using (run_key, measure_id, years_before, patient_key)
   where e.run_key = ${runKey} and ${which}
   order by w.patient_id collate "C", k.key collate "C", e.years_before`

function linesOf({ rows, numbers, texts }: Batch, kinds: readonly ReadKind[]): string {
  const printers = kinds.map((kind, column) => {
    const values = numbers[column]!
    if (kind === 'text') return (row: number) => cell(texts[column]![row]!)
    if (kind === 'date') return (row: number) => dayText(values[row]!)
    return kind === 'float8' ? (row: number) => sixDecimals(values[row]!) : (row: number) => String(values[row])
  })
  let lines = ''
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < printers.length; column++) lines += (column === 0 ? '' : ',') + printers[column]!(row)
    lines += '\n'
  }
  return lines
}

/** A field of RFC 4180: quoted only where it must be. */
export const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const threeDigits = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'))

/** A quantised number with six decimals, '' for NaN: what `toFixed` writes, at a quarter of its time. */
export function sixDecimals(value: number): string {
  if (Number.isNaN(value)) return ''
  const micro = Math.round(Math.abs(value) * 1e6)
  // beyond this a double holds no millionths
  if (micro > 2 ** 52) return value.toFixed(6)
  const whole = Math.floor(micro / 1e6)
  const rest = micro - whole * 1e6
  const thousandths = Math.floor(rest / 1000)
  const sign = value < 0 && micro > 0 ? '-' : ''
  return `${sign}${whole}.${threeDigits[thousandths]}${threeDigits[rest - 1000 * thousandths]}`
}

// A year has few days and a file millions of rows.
const dayTexts = new Map<number, string>([[NEVER, '']])
function dayText(day: number): string {
  const known = dayTexts.get(day)
  if (known !== undefined) return known
  const text = dayOf(day)
  dayTexts.set(day, text)
  return text
}

/** Writes, and waits while the other side has enough. */
async function write(out: Writable, text: string): Promise<void> {
  if (!out.write(text)) await once(out, 'drain')
}
