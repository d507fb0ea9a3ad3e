/** Ids over HTTP: content hashes, which may be cut short where that leaves no doubt. */
import { Type } from 'typebox'

/** An id as it may be asked for. */
export const Id = Type.String({
  pattern: '^[0-9a-f]{8,64}$',
  description: 'an id, or its first 8 or more digits where no other begins so',
})
