/** The input of every export format, and the account of the files that it wrote. */
import type { ClientBase } from 'pg'
import type { Programme } from '../../../engine/contract/programme.ts'
import type { FactsOf } from './facts.ts'

export interface ExportOf extends FactsOf {
  /** in one read-only transaction, so that all tables are of one moment */
  readonly client: ClientBase
  /** an empty directory */
  readonly dir: string
  readonly gzip: boolean
  /** of the region, by key */
  readonly programmes: ReadonlyMap<string, Programme>
}

export interface Written {
  readonly file: string
  readonly rows: number
}
