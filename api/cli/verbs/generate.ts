/** `winst generate`: a synthetic region, with its known truth. */
import { readEffectsFile } from '../../../data/synthetic/effects.ts'
import { generateRegion } from '../../../data/synthetic/generate.ts'
import type { Verb } from '../verb.ts'

export const generate: Verb<{ out: string; patients: number; seed: number; effects?: string }> = async (
  { out, patients, seed, effects },
  { terminal },
) => {
  const planted = effects === undefined ? {} : { effects: await readEffectsFile(effects) }
  const written = await generateRegion({ out, patients, seed, ...planted }, (done, total) =>
    terminal.progress.stage('generate', done, total),
  )
  terminal.line(
    `${written.observations} observations of ${written.patients} patients with ${written.partners} partners in ${out}; a contract to settle them by: ${written.contractFile}`,
  )
  return written
}
