/** Folds by patient: no patient is predicted by a model that was fitted to that patient (method.md 2). */

/** The number of folds for cross-fitting. */
export const FOLDS = 5

/** FNV-1a (32 bits) over the UTF-16 code units, bytewise, from `salt`, finally mixed as in MurmurHash3.
 *  @returns an unsigned integer below 2^32, the same on every machine */
export function hashOf(text: string, salt: number): number {
  let hash = (0x811c9dc5 ^ salt) | 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193)
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  return mixed(hash)
}

/** The finaliser of MurmurHash3: every bit of the input moves every bit of the outcome. */
export function mixed(bits: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

// Another salt than the shard's, so that a fold is not a set of shards.
const foldSalt = 0x51ed270b

/** The fold of a patient, in [0, FOLDS): a function of the id alone, the same in every run, region and outcome. */
export const foldOf = (patientId: string): number => hashOf(patientId, foldSalt) % FOLDS
