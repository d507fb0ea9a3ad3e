/** The declaration of a quarter day: counted, checked, posted once. */
import { declarationOf, type DeclaredLine, refuseUnsound } from '../../engine/bundled/declaration.ts'
import { entriesOfDeclaration } from '../../engine/bundled/entries.ts'
import { quarterOf } from '../../engine/bundled/quarter.ts'
import { type Constant, constantOn, releaseHeldBy } from '../../engine/constants/constant.ts'
import { dayOf, periodOf, quarterDaysIn, type Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { regionConstants } from '../constants/region-documents.ts'
import type { Store } from '../postgres/database.ts'
import { inTransaction, type Transaction } from '../postgres/transaction.ts'
import type { StoredContract } from '../region/contracts.ts'
import { actDay } from '../settlements/act-day.ts'
import { lockSegment2, postSegment2 } from './book.ts'
import { countsOf, refuseUncontracted, type Uncounted } from './counting.ts'
import { appendLines, readLines } from './lines.ts'

export interface DeclarationOrder {
  readonly regionId: number
  readonly contract: StoredContract
  readonly quarterDay: Day
  readonly asOf: Day
  readonly by: string
}

export interface Declaration {
  /** known: it was declared before, and nothing was posted now; held: shown, and not declared; posted: declared now */
  readonly state: 'known' | 'held' | 'posted'
  readonly lines: readonly DeclaredLine[]
  /** who does not count on the quarter day, as now known */
  readonly uncounted: readonly Uncounted[]
  /** the code of what is declared; null: nobody knows it */
  readonly code: string | null
  readonly heldBy: readonly string[]
}

/** Declares a quarter day of a contract, and corrects what was declared of it before.
 *  @throws Refusal `no_quarter_day`, `no_tariff`, `no_provider_contract`, `declared_twice`, `programmes_exclude`, and those of a constant */
export async function declare(store: Pick<Store, 'pool'>, order: DeclarationOrder): Promise<Declaration> {
  const { regionId, contract: stored, quarterDay, asOf } = order
  const { contract } = stored
  refuseOtherDay(contract.contract, contract.period, quarterDay)
  const code = constantOn(
    await regionConstants(store.pool, regionId, asOf),
    `prestatiecode.segment2.${contract.programme}`,
    quarterDay,
  )
  return await inTransaction(store, async (transaction) => {
    await lockSegment2(transaction.client, regionId)
    const standing = await readLines(transaction.client, regionId)
    const before = standing.filter((line) => line.contract === contract.contract)
    const earlier = before.map(({ messageDay }) => messageDay).filter((day) => day < quarterDay)
    const quarterDays = [...new Set([...earlier, quarterDay])].sort()
    const own = { pool: store.pool }
    const { counted, uncounted, precedence } = await countsOf(own, { regionId, asOf, contract, quarterDays })
    const of = { uncounted: uncounted.filter((each) => each.quarterDay === quarterDay), code: textOf(code) }
    const known = before.filter(({ messageDay }) => messageDay === quarterDay)
    if (known.length > 0 || (await isDeclared(transaction, order)))
      return { ...of, state: 'known', lines: known, heldBy: [] }
    await refuseUncontracted(own, { regionId, asOf, contract }, counted)
    const { programme } = contract
    const lines = declarationOf({ contract: contract.contract, programme, messageDay: quarterDay, counted, before })
    refuseUnsound(lines, standing, precedence, contract.bundled?.beside ?? [])
    const heldBy = releaseHeldBy([code])
    if (heldBy.length > 0) return { ...of, state: 'held', lines, heldBy }
    await append(transaction, order, lines)
    return { ...of, state: 'posted', lines, heldBy }
  })
}

const textOf = ({ value }: Constant): string | null => (value === null ? null : String(value))

function refuseOtherDay(contract: string, period: { readonly start: Day; readonly end: Day }, day: Day): void {
  quarterOf(day)
  if (quarterDaysIn(periodOf(period)).map(dayOf).includes(day)) return
  throw new Refusal(
    'no_quarter_day',
    `${day} is no quarter day of contract ${contract}, which runs from ${period.start} to ${period.end}.`,
    {
      day,
    },
  )
}

async function isDeclared(
  { client }: Transaction,
  { regionId, contract, quarterDay }: DeclarationOrder,
): Promise<boolean> {
  const { rows } = await client.query(
    'select from declaration where region_id = $1 and contract_id = $2 and quarter_day = $3',
    [regionId, contract.contract.contract, quarterDay],
  )
  return rows.length > 0
}

async function append(
  transaction: Transaction,
  order: DeclarationOrder,
  lines: readonly DeclaredLine[],
): Promise<void> {
  const { client } = transaction
  const { regionId, contract, quarterDay, asOf, by } = order
  const on = await actDay(transaction)
  const { rows } = await client.query<{ no: number }>(
    `insert into declaration (region_id, contract_id, contract_sha256, quarter_day, as_of, declared_by, declared_on)
     values ($1, $2, $3, $4, $5, $6, $7) returning declaration_no as no`,
    [regionId, contract.contract.contract, contract.contractSha256, quarterDay, asOf, by, on],
  )
  const no = rows[0]!.no
  await appendLines(client, regionId, no, lines)
  await postSegment2(client, regionId, `declaration ${no}`, entriesOfDeclaration(lines, on))
}
