/** ENTRY of the thread that makes statements: reads one settlement as whoever asks may, and writes its page. */
import { openStore } from '../../data/postgres/database.ts'
import { idOf } from '../../data/access/id-prefix.ts'
import type { Identity } from '../../data/access/keys.ts'
import { asReader } from '../../data/access/request-store.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { readSettlementRecord } from '../views/settlement-view.ts'
import { reportInputOf } from './report-input.ts'
import { reportOf } from './report.ts'
import type { Lang } from './words/format.ts'

export interface StatementOrder {
  /** of the database; holds a password: not for logs */
  readonly url: string
  readonly reader: Identity
  /** whole, or its beginning */
  readonly settlementId: string
  readonly lang: Lang
}

/** An error loses its class between threads, so a refusal is sent as its fields. */
export type StatementReply =
  { readonly page: string } | { readonly refusal: Pick<Refusal, 'code' | 'message' | 'facts'> }

/** Called by the pool, with a connection that is closed with the page: statements are rare. */
export async function statement({ url, reader, settlementId, lang }: StatementOrder): Promise<StatementReply> {
  const store = await openStore({ databaseUrl: url, home: '', connections: 1 })
  try {
    const input = await asReader(store, reader, async (own) =>
      reportInputOf(own, await readSettlementRecord(own, reader, await idOf(own, 'settlement', settlementId))),
    )
    return { page: reportOf({ ...input, lang }) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message, facts } = error
    return { refusal: { code, message, facts } }
  } finally {
    await store.close()
  }
}
