/** A request that carries a key, and the mark that its act leaves: one act, however often the request is sent. */
import type { ClientBase } from 'pg'
import { Refusal } from '../../engine/kernel/refusal.ts'

export interface KeyedRequest {
  readonly key: string
  /** hash of method, address and body */
  readonly requestSha256: string
  /** of this process and request alone */
  readonly attempt: string
}

/** Marks, in the transaction of an act, that the request has acted; the act is undone where another attempt has taken the request over.
 *  @throws Refusal `request_in_progress` */
export async function markActed(
  client: ClientBase,
  { key, attempt }: Pick<KeyedRequest, 'key' | 'attempt'>,
): Promise<void> {
  const { rowCount } = await client.query(
    `update idempotency set acted = true
      where (region_id, role, subject, key, attempt) = (my_region(), my_role(), my_subject(), $1, $2)`,
    [key, attempt],
  )
  if (rowCount === 0)
    throw new Refusal('request_in_progress', 'This request took so long that another one with its key took over.')
}
