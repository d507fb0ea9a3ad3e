/** `winst bundle`: the frozen inputs of a settlement, in one file. */
import { rename, rm } from 'node:fs/promises'
import { writeBundle } from '../../../data/settlements/bundle.ts'
import type { Verb } from '../verb.ts'
import { withStore } from './workplace.ts'

export interface BundleOptions {
  readonly settlement: string
  readonly out: string
}

export const bundleVerb: Verb<BundleOptions> = ({ settlement, out }, { terminal }) =>
  withStore(async (store) => {
    const partial = `${out}.partial`
    try {
      const { parts, contentSha256 } = await writeBundle(store, settlement, partial)
      await rename(partial, out)
      terminal.line(`${out}: ${parts} parts, content ${contentSha256}`)
      terminal.line('Keep that hash apart from the file: winst verify tells it again.')
      return { settlement_id: settlement, file: out, parts, content_sha256: contentSha256 }
    } catch (error) {
      await rm(partial, { force: true })
      throw error
    }
  })
