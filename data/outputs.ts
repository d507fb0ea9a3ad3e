/** The files of a run that are read from the store, row by row: expectations.csv, placebo.csv, ledger.csv (interface.md 5). */
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { dayOf, NEVER } from '../engine/calendar.ts'
import { PLACEBO_YEARS } from '../engine/frame.ts'
import { type AssessedBlock, BLOCK_COLUMNS, eachPass } from './assessed-blocks.ts'
import type { Store } from './database.ts'
import { readParties, type Run } from './runs.ts'
import { readLedger } from './settlements.ts'
import { inTransaction } from './transaction.ts'

/** The columns of expectations.csv (interface.md 5). */
const COLUMNS: readonly string[] = (
  'patient_id,partner_id,practice_id,programme,measure,index_on,target_on,status,baseline,mean,sd,q05,q10,q25,q50,q75,q90,q95,' +
  'realised,realised_on,expected_value,realised_value,gain,measured_probability,imputed_gain,contribution,model_id'
).split(',')

/** Writes expectations.csv of a run: contract and control partners, every status, by patient_id and measure.
 *  @returns the number of rows */
export const writeExpectations = (store: Pick<Store, 'pool' | 'db'>, run: Run, out: Writable): Promise<number> =>
  writeAssessments(store, run, { columns: COLUMNS, years: [0] }, out)

/** Writes placebo.csv of a run: the same for the years before that count, by patient_id, measure and years before.
 *  @returns the number of rows */
export const writePlacebo = (store: Pick<Store, 'pool' | 'db'>, run: Run, out: Writable): Promise<number> =>
  writeAssessments(store, run, { columns: [...COLUMNS, 'years_before'], years: PLACEBO_YEARS }, out)

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
  store: Pick<Store, 'pool' | 'db'>,
  run: Run,
  { columns, years }: { readonly columns: readonly string[]; readonly years: readonly number[] },
  out: Writable,
): Promise<number> {
  const names = await namesOf(store, run)
  let rows = 0
  await write(out, `${columns.join(',')}\n`)
  await inTransaction(
    store,
    ({ client }) =>
      eachPass(client, run, years, async ({ patientIds, blocks }) => {
        const printers = blocks.map((block) => printersOf(block, names, columns))
        let lines = ''
        for (let patient = 0; patient < patientIds.length; patient++) {
          for (let at = 0; at < blocks.length; at++) {
            const row = blocks[at]!.rowOf[patient]!
            if (row < 0) continue
            lines += cell(patientIds[patient]!)
            for (const print of printers[at]!) lines += `,${print(row)}`
            lines += '\n'
            rows++
          }
          if (lines.length < textAtOnce) continue
          await write(out, lines)
          lines = ''
        }
        await write(out, lines)
      }),
    'repeatable read',
  )
  return rows
}

const textAtOnce = 1 << 18

/** What the numbers in the rows of a run stand for. */
interface Names {
  readonly partners: readonly string[]
  readonly programme: string
  readonly models: ReadonlyMap<string, string>
}

async function namesOf(store: Pick<Store, 'db'>, { runId, contractSha256 }: Run): Promise<Names> {
  const { partners } = await readParties(store, runId)
  const { programme } = await store.db
    .selectFrom('contract')
    .select('programme')
    .where('contract_sha256', '=', contractSha256)
    .executeTakeFirstOrThrow()
  const models = await store.db
    .selectFrom('run_model')
    .select(['measure', 'model_id'])
    .where('run_id', '=', runId)
    .execute()
  return {
    partners: partners.map(({ partnerId }) => cell(partnerId)),
    programme: cell(programme),
    models: new Map(models.map(({ measure, model_id }) => [measure, model_id])),
  }
}

/** How each column after the patient is written, by the row of the block. */
function printersOf(block: AssessedBlock, names: Names, columns: readonly string[]): ((row: number) => string)[] {
  const values = (name: string) => block.columns[BLOCK_COLUMNS.indexOf(name)]!
  const always = (text: string) => () => text
  const partner = (column: string) => {
    const numbers = values(column)
    return (row: number) => names.partners[numbers[row]!]!
  }
  const known: Readonly<Record<string, (row: number) => string>> = {
    partner_id: partner('partner_no'),
    practice_id: partner('practice_no'),
    programme: always(names.programme),
    measure: always(cell(block.measure)),
    status: (row) => block.status[row]!,
    model_id: always(names.models.get(block.measure) ?? ''),
    years_before: always(String(block.yearsBefore)),
  }
  return columns.slice(1).map((column) => {
    const found = known[column]
    if (found) return found
    const numbers = values(column)
    return numbers instanceof Int32Array
      ? (row: number) => dayText(numbers[row]!)
      : (row: number) => sixDecimals(numbers[row]!)
  })
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
