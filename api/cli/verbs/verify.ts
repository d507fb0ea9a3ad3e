/** `winst verify`: the independent check of a bundle; needs no store, and `node verifier/verify.ts FILE` does the same. */
import { stat } from 'node:fs/promises'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { verdictText, verifyBundle } from '../../../verifier/verify.ts'
import type { Verb } from '../verb.ts'

export interface VerifyOptions {
  /** the bundle */
  readonly arguments: readonly string[]
}

export const verifyVerb: Verb<VerifyOptions> = async ({ arguments: [file = ''] }, { terminal }) => {
  const found = await stat(file).catch(() => null)
  if (!found?.isFile())
    throw new Refusal('file_not_readable', `There is no file ${file}; name a bundle that winst bundle wrote.`, { file })
  const verdict = await verifyBundle(file)
  for (const line of verdictText(verdict).trimEnd().split('\n')) terminal.line(line)
  if (verdict.agrees) return verdict
  const [first] = verdict.findings
  throw new Refusal(
    'does_not_agree',
    `${file} does not agree: ${verdict.findingsInAll} differences, the first in ${first?.part}, ${first?.field}.`,
    { verdict },
  )
}
