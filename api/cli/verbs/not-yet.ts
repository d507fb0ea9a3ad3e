/** Verbs of the interface whose own work is still to come: refused plainly rather than half done. */
import { Refusal } from '../../../engine/kernel/refusal.ts'

const refused = (verb: string, instead: string) => async (): Promise<never> => {
  throw new Refusal('not_available', `winst ${verb} is not available in this version; ${instead}`, { verb })
}

export const design = refused('design', 'generate a region with the effects you expect, and run the contract on it')
