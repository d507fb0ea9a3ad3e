/** The constants of a region: the built-in files beside this one, and a dataset's own `constants/*.yaml`. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { constantsIn, constantsOf } from '../../engine/constants/constant-rules.ts'
import type { Constant, Constants } from '../../engine/constants/constant.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { refuseOutside } from '../files/regular-file.ts'
import { readText } from '../files/text-file.ts'
import { inFile } from '../region/contract-file.ts'
import { yamlDocument } from '../region/yaml-document.ts'

const builtInDirectory = fileURLToPath(new URL('.', import.meta.url))

/** The constants that come with the engine; they do not change while a process runs. */
const builtInConstants = (): Promise<readonly Constant[]> => (builtIn ??= constantsUnder(builtInDirectory, ''))
let builtIn: Promise<readonly Constant[]> | undefined

/** Every constant of a region, by key: the built-in ones with a dataset's own over them.
 *  @throws Refusal `invalid_yaml` or `invalid_constants`, naming the file, `outside_dataset`, and those of reading a text */
export async function loadConstants(dataset?: string): Promise<Constants> {
  return constantsOf(await builtInConstants(), dataset === undefined ? [] : await datasetConstants(dataset))
}

/** A dataset's own constants, from its directory `constants`; none if it has no such directory. */
const datasetConstants = (dataset: string): Promise<readonly Constant[]> => constantsUnder(dataset, 'constants')

async function constantsUnder(home: string, folder: string): Promise<readonly Constant[]> {
  const directory = join(home, folder)
  const found: Constant[] = []
  const fileOf = new Map<string, string>()
  for (const name of (await namesIn(directory)).filter((each) => /\.ya?ml$/.test(each)).sort()) {
    const file = join(directory, name)
    await refuseOutside(home, join(folder, name))
    const document = yamlDocument(await readText(file), file)
    for (const constant of inFile(file, () => constantsIn(document))) {
      const before = fileOf.get(constant.key)
      if (before !== undefined && before !== name)
        throw new Refusal(
          'invalid_constants',
          `${file}: constant ${constant.key} is given in ${before} too; keep all its values in one file.`,
          { file, key: constant.key },
        )
      fileOf.set(constant.key, name)
      found.push(constant)
    }
  }
  return found
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
