/** A delivery that was uploaded, imported as `winst import` does it: all of it or nothing. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makePrivateDirectory } from '../../data/files/private-file.ts'
import { importDataset, type ImportOrder } from '../../data/import/import.ts'
import { FORMATS, importConverted, type Format } from '../../data/interchange/convert.ts'
import { placesIn, removeFiles } from '../../data/upload/place.ts'
import { unpack } from '../../data/upload/unpack.ts'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import type { Tools } from '../assessment/run-context.ts'
import type { Result, RunPayload } from '../queue/run-job.ts'
import type { Handler } from '../queue/worker.ts'

/** What an import needs besides the store. */
export interface Intake {
  /** the directory of uploads, which the API writes to */
  readonly uploads: string
  /** undefined: this worker makes no pseudonyms */
  readonly pseudonymKey: string | undefined
}

export const importDelivery =
  ({ store }: Pick<Tools, 'store'>, intake: Intake | null): Handler =>
  async ({ run }) => {
    invariant(intake, 'a worker that imports knows where uploads lie')
    const { uploads } = intake
    try {
      const result = await imported(store, intake, run)
      await removeFiles(uploads, run.runId)
      return result
    } catch (error) {
      // Anything else is tried again, and needs them.
      if (error instanceof Refusal) await removeFiles(uploads, run.runId)
      throw error
    }
  }

async function imported(
  store: Tools['store'],
  intake: Intake,
  { runId, region, delivery }: RunPayload,
): Promise<Result> {
  invariant(delivery, 'an import is of a delivery')
  const { archive, files, out } = placesIn(intake.uploads, runId)
  await makePrivateDirectory(out)
  // What a worker that was killed had taken out of the archive.
  if (delivery.kind !== 'files') await rm(files, { recursive: true, force: true })
  const order: ImportOrder = {
    dir: delivery.kind === 'files' ? files : await unpack(archive, delivery.kind, files),
    region,
    delivered: delivery.delivered ?? undefined,
    maxRejects: delivery.maxRejects ?? undefined,
    pseudonymKey: delivery.pseudonymise ? (intake.pseudonymKey ?? '') : undefined,
    rejectsPath: join(out, 'rejects.csv'),
  }
  const format = FORMATS.find((each): each is Format => each === delivery.format)
  const result = format ? await importConverted(store, format, order) : await importDataset(store, order)
  return {
    delivery_id: result.deliveryId,
    delivered_on: result.deliveredOn,
    imported: result.imported,
    files: result.files.map(({ file, rows, accepted, rejected, warnings }) => ({
      file,
      rows,
      accepted,
      rejected,
      warnings,
    })),
  }
}
