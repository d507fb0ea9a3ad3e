/** `winst bundle`: the frozen inputs of a settlement, in one file. */
import { idOf } from '../../../data/access/id-prefix.ts'
import { replacing, writePrivateFile } from '../../../data/files/private-file.ts'
import { writeBundle } from '../../../data/settlements/bundle.ts'
import { insurerBundle } from '../../../data/settlements/insurer-bundle.ts'
import { readSettlement } from '../../../data/settlements/settlements.ts'
import { noteLook } from '../looks.ts'
import type { Verb } from '../verb.ts'
import { withStore } from './local-services.ts'

export interface BundleOptions {
  readonly settlement: string
  readonly out: string
  readonly insurer?: string
}

export const bundleVerb: Verb<BundleOptions> = ({ settlement: asked, out, insurer }, { terminal }) =>
  withStore(async (store) => {
    const settlement = await idOf(store, 'settlement', asked)
    if (insurer !== undefined) {
      const bytes = await insurerBundle(store, settlement, insurer)
      await writePrivateFile(out, async (to) => void to.write(bytes))
      terminal.line(`${out}: what the amounts of insurer ${insurer} follow from`)
      return { settlement_id: settlement, file: out, insurer }
    }
    const { regionId } = await readSettlement(store, settlement)
    await noteLook(store, { command: 'winst bundle', regionId, object: { settlement }, patients: 'everybody' })
    const { parts, contentSha256 } = await replacing(out, (partial) => writeBundle(store, settlement, partial))
    terminal.line(`${out}: ${parts} parts, content ${contentSha256}`)
    terminal.line('Keep that hash apart from the file: winst verify prints it again.')
    return { settlement_id: settlement, file: out, parts, content_sha256: contentSha256 }
  })
