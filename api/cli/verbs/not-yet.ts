/** Verbs of the interface whose own work is still to come: refused plainly rather than half done. */
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Verb } from '../verb.ts'

export interface DesignOptions {
  readonly contract: string
  readonly data: string
  readonly out: string
}

export const design: Verb<DesignOptions> = async () => {
  throw new Refusal(
    'not_available',
    'winst design is not available in this version; generate a region with the effects you expect, and run the contract on it',
    { verb: 'design' },
  )
}
