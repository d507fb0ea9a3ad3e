/** What is none of a reader's business: pseudonyms of others' patients and amounts of others, as they would stand on a page or in a file. */
import { read, utils } from 'xlsx'
import { extractText } from 'unpdf'
import type { Role } from '../../../data/access/keys.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { wholeSettlement } from '../../../data/settlements/settlements.ts'
import type { PartnerStatement } from '../../../engine/settlement/statement.ts'
import { formatOf } from '../../../api/report/words/format.ts'

export interface Reader {
  readonly role: Role
  readonly subject: string
  /** left out: that of the site */
  readonly region?: string
}

export interface Foreign {
  readonly patients: ReadonlySet<string>
  readonly amounts: ReadonlySet<string>
}

/** Amounts below are too common as a number of something else. */
const LEAST_CENTS = 1_000

/** Pseudonyms of the synthetic regions. */
const PSEUDONYM = /\bs\d{7}\b/g
/** Standing alone: not within a key, a hash or a day. */
const NUMBER = /(?<!\w|\w-)\d[\d.,]*\d(?!\w|-\w)/g

/** An amount as texts: on pages in either language, in a table for a program, and as cents. */
function textsOf(cents: number): string[] {
  const size = Math.abs(cents)
  const [nl, en] = [formatOf('nl'), formatOf('en')].map((format) => format.number(size / 100, 2))
  return size < LEAST_CENTS ? [] : [nl ?? '', en ?? '', (size / 100).toFixed(2), String(size)]
}

const amountsOf = (row: PartnerStatement): number[] => [
  row.payment_cents,
  row.per_procedure_cents,
  row.bundled_cents,
  ...row.interval90_cents,
  ...row.insurers.map(({ cents }) => cents),
  ...row.attribution.map(({ cents }) => cents),
]

/** What every reader's business is not. */
export async function foreignTo(store: Store, { role, subject, region }: Reader): Promise<Foreign> {
  const isStaff = (role === 'analyst' || role === 'auditor') && region === undefined
  if (isStaff) return { patients: new Set(), amounts: new Set() }
  const rows = (await settlementsIn(store)).flatMap(({ partners }) => partners)
  const [own, others] = [
    region === undefined ? rows.flatMap((row) => amountsFor(row, { role, subject })) : [],
    rows.flatMap((row) => [...amountsOf(row), ...sums(row)]),
  ]
  const ownTexts = new Set(own.flatMap(textsOf))
  const patients = await patientsOf(store)
  const isOwn = ({ partners, insurers }: PatientKnown): boolean =>
    region === undefined &&
    ((role === 'partner' && partners.has(subject)) || (role === 'insurer' && insurers.has(subject)))
  return {
    patients: new Set([...patients].filter(([, known]) => !isOwn(known)).map(([id]) => id)),
    amounts: new Set(others.flatMap(textsOf).filter((text) => !ownTexts.has(text))),
  }
}

const sums = ({ insurers }: PartnerStatement): number[] => [insurers.reduce((sum, { cents }) => sum + cents, 0)]

/** Of one partner's statement what a party may know. */
function amountsFor(row: PartnerStatement, { role, subject }: Pick<Reader, 'role' | 'subject'>): number[] {
  if (role === 'partner') return row.partner_id === subject ? amountsOf(row) : []
  if (role === 'insurer') return row.insurers.filter(({ insurer }) => insurer === subject).map(({ cents }) => cents)
  return []
}

async function settlementsIn(store: Store) {
  const { rows } = await store.pool.query<{ id: string }>('select settlement_id as id from settlement')
  return await Promise.all(rows.map(({ id }) => wholeSettlement(store, id)))
}

interface PatientKnown {
  readonly partners: ReadonlySet<string>
  readonly insurers: ReadonlySet<string>
}

/** Of each patient everybody whose it ever was: partners and the care groups that they are members of, and insurers. */
async function patientsOf(store: Store): Promise<ReadonlyMap<string, PatientKnown>> {
  const { rows } = await store.pool.query<{ id: string; partners: string[]; insurers: string[] }>(
    `select p.patient_id as id,
       array(select e.partner_id from enrolment e where e.patient_key = p.patient_key
             union select m.member_of from enrolment e join partner m using (region_id, partner_id)
              where e.patient_key = p.patient_key and m.member_of is not null) as partners,
       array(select s.insurer from patient_state s where s.patient_key = p.patient_key and s.insurer is not null) as insurers
     from patient p`,
  )
  return new Map(
    rows.map(({ id, partners, insurers }) => [id, { partners: new Set(partners), insurers: new Set(insurers) }]),
  )
}

/** An answer as text, whatever it is a file of. */
export async function textIn(type: string, body: Buffer): Promise<string> {
  if (type.includes('spreadsheet')) {
    const book = read(body)
    return Object.values(book.Sheets)
      .map((sheet) => utils.sheet_to_csv(sheet))
      .join('\n')
  }
  if (type.includes('pdf')) return (await extractText(new Uint8Array(body), { mergePages: true })).text
  return body.toString('utf8')
}

/** What of it is foreign.
 *  @param asked the address, whose words an answer may repeat: whoever asked knows them */
export const foreignIn = (text: string, { patients, amounts }: Foreign, asked = ''): string[] => [
  ...new Set([
    ...(text.match(PSEUDONYM) ?? []).filter((id) => patients.has(id) && !asked.includes(id)),
    ...(amounts.size === 0 ? [] : (text.match(NUMBER) ?? []).filter((number) => amounts.has(number))),
  ]),
]
