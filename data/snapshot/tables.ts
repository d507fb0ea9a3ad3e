/** The tables of a patient that a snapshot reads and hashes, each with its columns in canonical order. */
import type { ReadKind } from '../postgres/copy-out.ts'

/** How a column is kept: a day, a double, a text by its place in a dictionary, or a text of its own for every row. */
export type ColumnKind = 'day' | 'double' | 'word' | 'text'

export interface SnapshotColumn {
  /** as in interface.md 1 */
  readonly name: string
  readonly kind: ColumnKind
  /** as selected, over the alias `t` */
  readonly sql: string
  readonly read: ReadKind
}

export interface SnapshotTable {
  /** the file it comes from, without its ending */
  readonly name: string
  /** the table in the store */
  readonly source: string
  /** Rows are ordered by patient and then by these columns, from left to right: their order is part of the hash. */
  readonly columns: readonly SnapshotColumn[]
}

const day = (name: string): SnapshotColumn => ({ name, kind: 'day', sql: `t.${name}`, read: 'date' })
const word = (name: string): SnapshotColumn => ({ name, kind: 'word', sql: `t.${name}::text`, read: 'word' })

export const OBSERVATIONS: SnapshotTable = {
  name: 'observations',
  source: 'observation',
  columns: [
    { name: 'measure', kind: 'word', sql: 't.measure_id', read: 'int2' },
    day('observed_on'),
    { name: 'value', kind: 'double', sql: 't.value', read: 'float8' },
    word('partner_id'),
  ],
}

export const ENROLMENTS: SnapshotTable = {
  name: 'enrolments',
  source: 'enrolment',
  columns: [
    word('programme'),
    day('started_on'),
    word('partner_id'),
    day('ended_on'),
    word('end_reason'),
    word('main_practitioner'),
  ],
}

export const CONDITIONS: SnapshotTable = {
  name: 'conditions',
  source: 'condition_episode',
  columns: [word('code_system'), word('code'), day('onset_on'), day('resolved_on')],
}

export const MEDICATIONS: SnapshotTable = {
  name: 'medications',
  source: 'medication',
  columns: [word('atc'), day('started_on'), day('ended_on')],
}

const CLAIMS: SnapshotTable = {
  name: 'claims',
  source: 'claim',
  columns: [
    { name: 'claim_id', kind: 'text', sql: 't.claim_id', read: 'text' },
    word('partner_id'),
    day('performed_on'),
    word('code'),
    { name: 'quantity', kind: 'double', sql: 't.quantity', read: 'float8' },
    { name: 'amount_cents', kind: 'double', sql: 't.amount_cents', read: 'int8' },
    word('setting'),
  ],
}

/** In the order in which they are hashed. */
export const SNAPSHOT_TABLES: readonly SnapshotTable[] = [ENROLMENTS, OBSERVATIONS, CONDITIONS, MEDICATIONS, CLAIMS]
