/** The files of a run that are read from the store, row by row: expectations.csv, placebo.csv, ledger.csv (interface.md 5). */
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { STATUSES } from '../../engine/assessment/assessment.ts'
import { PLACEBO_YEARS } from '../../engine/assessment/assessed-years.ts'
import { modelNameOf } from '../../engine/contract/term.ts'
import { type AssessedBlock, BLOCK_COLUMNS, eachPass } from '../runs/assessed-blocks.ts'
import { CsvBytes, type FieldPrinter } from '../columns/csv-bytes.ts'
import type { Store } from '../postgres/database.ts'
import { readParties, type Run } from '../runs/runs.ts'
import { readLedger } from './settlements.ts'
import { inTransaction } from '../postgres/transaction.ts'

/** The columns of expectations.csv (interface.md 5). */
const COLUMNS: readonly string[] = (
  'patient_id,partner_id,practice_id,programme,measure,index_on,target_on,status,baseline,mean,sd,q05,q10,q25,q50,q75,q90,q95,' +
  'realised,realised_on,expected_value,realised_value,gain,measured_probability,imputed_gain,contribution,model_id'
).split(',')

/** Writes expectations.csv of a run: contract and control partners, every status, by patient_id, measure and index date.
 *  @returns the number of rows */
export const writeExpectations = (store: Pick<Store, 'pool' | 'db'>, run: Run, out: Writable): Promise<number> =>
  writeAssessments(store, run, { columns: COLUMNS, years: [0] }, out)

/** Writes placebo.csv of a run: the same for the years before that count, by patient_id, measure and years before.
 *  @returns the number of rows */
export const writePlacebo = (store: Pick<Store, 'pool' | 'db'>, run: Run, out: Writable): Promise<number> =>
  writeAssessments(store, run, { columns: [...COLUMNS, 'years_before'], years: PLACEBO_YEARS }, out)

/** Writes ledger.csv: the entries of one settlement, in the order of the ledger. */
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
  const lines = new CsvBytes()
  let rows = 0
  await write(out, `${columns.join(',')}\n`)
  await inTransaction(
    store,
    ({ client }) =>
      eachPass(client, run, years, async ({ patientIds, blocks }) => {
        const printers = blocks.map((block) => printersOf(block, names, columns))
        for (let patient = 0; patient < patientIds.length; patient++) {
          const id = Buffer.from(cell(patientIds[patient]!))
          for (let at = 0; at < blocks.length; at++) {
            const { rowOf, nextOf } = blocks[at]!
            for (let row = rowOf[patient]!; row >= 0; row = nextOf[row]!, rows++) {
              lines.text(id)
              for (const print of printers[at]!) {
                lines.byte(comma)
                print(row, lines)
              }
              lines.byte(newline)
            }
          }
          if (lines.length >= bytesAtOnce) await write(out, lines.take())
        }
        if (lines.length > 0) await write(out, lines.take())
      }),
    'repeatable read',
  )
  return rows
}

const bytesAtOnce = 1 << 18
const [comma, newline] = [44, 10]

/** What the numbers in the rows of a run stand for. */
interface Names {
  /** as they are written */
  readonly partners: readonly Buffer[]
  readonly programme: string
  /** by the names of models */
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
    .select(['measure', 'years_elapsed', 'model_id'])
    .where('run_id', '=', runId)
    .execute()
  return {
    partners: partners.map(({ partnerId }) => Buffer.from(cell(partnerId))),
    programme: cell(programme),
    models: new Map(
      models.map(({ measure, years_elapsed, model_id }) => [modelNameOf(measure, years_elapsed), model_id]),
    ),
  }
}

/** How each column after the patient is written, by the row of the block. */
function printersOf(block: AssessedBlock, names: Names, columns: readonly string[]): FieldPrinter[] {
  const values = (name: string) => block.columns[BLOCK_COLUMNS.indexOf(name)]!
  const always = (text: string): FieldPrinter => {
    const bytes = Buffer.from(text)
    return (_, to) => to.text(bytes)
  }
  const partner = (column: string): FieldPrinter => {
    const numbers = values(column)
    return (row, to) => to.text(names.partners[numbers[row]!]!)
  }
  const elapsed = Int32Array.from(values('years_elapsed'))
  const models = Array.from({ length: 1 + elapsed.reduce((most, years) => Math.max(most, years), 0) }, (_, years) =>
    Buffer.from(names.models.get(modelNameOf(block.measure, years)) ?? ''),
  )
  const known: Readonly<Record<string, FieldPrinter>> = {
    partner_id: partner('partner_no'),
    practice_id: partner('practice_no'),
    programme: always(names.programme),
    measure: always(cell(block.measure)),
    status: (row, to) => to.text(statusTexts[block.status[row]!]!),
    model_id: (row, to) => to.text(models[elapsed[row]!]!),
    years_before: always(String(block.yearsBefore)),
  }
  return columns.slice(1).map((column): FieldPrinter => {
    const found = known[column]
    if (found) return found
    const numbers = values(column)
    return numbers instanceof Int32Array
      ? (row, to) => to.day(numbers[row]!)
      : (row, to) => to.sixDecimals(numbers[row]!)
  })
}

const statusTexts = STATUSES.map((status) => Buffer.from(status))

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

/** Writes with back-pressure. */
async function write(out: Writable, text: string | Buffer): Promise<void> {
  if (!out.write(text)) await once(out, 'drain')
}
