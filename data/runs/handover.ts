/** Intermediate results between stages: bytes in the store, kept until the stage that reads them is done.
 *
 *  The rows of an assessment hold the same data permanently; reading a million of them back would take longer than computing them. */
import { copyOutBytes } from '../postgres/copy-bytes.ts'
import type { Store } from '../postgres/database.ts'
import type { Transaction } from '../postgres/transaction.ts'

/** Stores a piece of a stage's result, in the transaction of the work itself. */
export async function handOver(
  { db }: Pick<Transaction, 'db'>,
  of: { readonly runId: string; readonly stage: string; readonly piece: string },
  bytes: Uint8Array,
): Promise<void> {
  await db
    .insertInto('handover')
    .values({
      run_id: of.runId,
      stage: of.stage,
      piece: of.piece,
      bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    })
    .execute()
}

/** The pieces of a stage by prefix of their names, ascending by name. */
export async function handedOver(
  store: Pick<Store, 'pool'>,
  of: { readonly runId: string; readonly stage: string; readonly prefix: string },
): Promise<Uint8Array[]> {
  return await copyOutBytes(
    store,
    ({ literal }) => `select bytes from handover
      where run_id = ${literal(of.runId)} and stage = ${literal(of.stage)} and starts_with(piece, ${literal(of.prefix)})
      order by piece collate "C"`,
  )
}

/** Deletes the pieces of a stage, all or one, in the transaction of the work that read them. */
export async function dropHandover(
  { db }: Pick<Transaction, 'db'>,
  of: { readonly runId: string; readonly stage: string; readonly piece?: string },
): Promise<void> {
  const all = db.deleteFrom('handover').where('run_id', '=', of.runId).where('stage', '=', of.stage)
  await (of.piece === undefined ? all : all.where('piece', '=', of.piece)).execute()
}
