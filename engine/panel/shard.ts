/** Which logical shard a patient belongs to: a pure function of the patient's id, so that no result depends on arrival. */
import { SHARDS } from './panel.ts'

/** FNV-1a (32 bits) over the bytes of the UTF-16 code units, finally mixed as in MurmurHash3, modulo SHARDS.
 *  @returns a shard in [0, SHARDS)
 *  @see Fowler, Noll, Vo: draft-eastlake-fnv; the mixing spreads ids that differ only in their last digits */
export function shardOf(patientId: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < patientId.length; i++) {
    const unit = patientId.charCodeAt(i)
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193)
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) % SHARDS
}
