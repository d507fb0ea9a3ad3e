/** The models that this worker has trained, by everything that they were trained on: the years of a term ask for the same ones again. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import type { ExpectationSpec } from '../../models/estimator.ts'
import type { Trained } from '../../models/ensemble/training.ts'

export interface Training {
  /** training rows, in shard order */
  readonly shards: readonly Uint8Array[]
  readonly spec: ExpectationSpec
  readonly seed: number
}

/** A term of three years asks for six models of an outcome, of which three differ. */
const MOST = 12

/** Training gives the same bytes for the same training rows, specification and seed; so what one process has trained it need not train again.
 *  Held in memory alone: another version of the program is another process. */
export class TrainedBefore {
  private readonly models = new Map<string, Trained>()

  async trained(training: Training, train: () => Promise<Trained>): Promise<Trained> {
    const key = hashOf(training)
    const model = this.models.get(key) ?? (await train())
    this.models.delete(key)
    this.models.set(key, model)
    for (const oldest of this.models.keys()) {
      if (this.models.size <= MOST) break
      this.models.delete(oldest)
    }
    return model
  }
}

function hashOf({ shards, spec, seed }: Training): string {
  const hash = createHash('sha256').update(
    canonicalJson({ spec: { ...spec }, seed, lengths: shards.map(({ length }) => length) }),
  )
  for (const shard of shards) hash.update(shard)
  return hash.digest('hex')
}
