/** The constants of a region: the built-in files beside this one, and a dataset's own `constants/*.yaml`. */
import { fileURLToPath } from 'node:url'
import { constantsIn, constantsOf } from '../../engine/constants/constant-rules.ts'
import type { Constant, Constants } from '../../engine/constants/constant.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { inFile } from '../region/contract-file.ts'
import { yamlFilesIn } from '../yaml/yaml-directory.ts'

const builtInDirectory = fileURLToPath(new URL('.', import.meta.url))

/** One file of constants, with its document as parsed, for the store. */
interface ConstantFile {
  readonly name: string
  readonly document: unknown
  readonly constants: readonly Constant[]
}

/** The constants that come with the engine; they do not change while a process runs. */
export const builtInConstants = (): Promise<readonly Constant[]> => (builtIn ??= readBuiltIn())
let builtIn: Promise<readonly Constant[]> | undefined

const readBuiltIn = async (): Promise<readonly Constant[]> =>
  (await filesUnder(builtInDirectory, '')).flatMap(({ constants }) => constants)

/** Every constant of a region, by key: the built-in ones with a dataset's own over them.
 *  @throws Refusal `invalid_yaml` or `invalid_constants`, naming the file, `outside_dataset`, and those of reading a text */
export async function loadConstants(dataset?: string): Promise<Constants> {
  const own = dataset === undefined ? [] : await datasetConstants(dataset)
  return constantsOf(
    await builtInConstants(),
    own.flatMap(({ constants }) => constants),
  )
}

/** A dataset's own files of constants, from its directory `constants`; none if it has no such directory. */
export const datasetConstants = (dataset: string): Promise<readonly ConstantFile[]> => filesUnder(dataset, 'constants')

async function filesUnder(home: string, folder: string): Promise<readonly ConstantFile[]> {
  const fileOf = new Map<string, string>()
  return (await yamlFilesIn(home, folder)).map(({ name, file, document }) => {
    const constants = inFile(file, () => constantsIn(document))
    for (const { key } of constants) refuseTwice(file, key, name, fileOf)
    return { name, document, constants }
  })
}

function refuseTwice(file: string, key: string, name: string, fileOf: Map<string, string>): void {
  const before = fileOf.get(key) ?? name
  fileOf.set(key, before)
  if (before === name) return
  throw new Refusal(
    'invalid_constants',
    `${file}: constant ${key} is given in ${before} too; keep all its values in one file.`,
    { file, key },
  )
}
