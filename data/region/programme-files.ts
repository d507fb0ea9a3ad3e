/** The programmes of a region: the built-in files beside this one, and a dataset's own `programmes/*.yaml`. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type NamedProgramme, programmeOf, programmesOf } from '../../engine/contract/programme-rules.ts'
import type { Programme } from '../../engine/contract/programme.ts'
import { inFile, readYaml } from './contract-file.ts'
import { yamlDocument } from './yaml-document.ts'

/** One programme file, with its document as parsed, for the store. */
export interface ProgrammeFile extends NamedProgramme {
  readonly document: unknown
}

const builtInDirectory = fileURLToPath(new URL('../programmes', import.meta.url))

/** The programmes that come with the engine (interface.md 2), in code-unit order of file name. */
export const builtInProgrammes = (): Promise<readonly Programme[]> => (builtIn ??= readBuiltIn())

// Every part of a run asks for them, and they do not change while a process runs.
let builtIn: Promise<readonly Programme[]> | undefined

const readBuiltIn = async (): Promise<readonly Programme[]> =>
  (await programmeFilesIn(builtInDirectory)).map(({ programme }) => programme)

/** A dataset's own programmes, from its directory `programmes`; none if it has no such directory.
 *  @throws Refusal `invalid_yaml` or `invalid_programme`, naming the file */
export const datasetProgrammes = (dataset: string): Promise<readonly ProgrammeFile[]> =>
  programmeFilesIn(join(dataset, 'programmes'))

/** Every programme of a region, by key: the built-in ones with a dataset's own over them. */
export async function loadProgrammes(dataset?: string): Promise<ReadonlyMap<string, Programme>> {
  return programmesOf(await builtInProgrammes(), dataset === undefined ? [] : await datasetProgrammes(dataset))
}

async function programmeFilesIn(directory: string): Promise<ProgrammeFile[]> {
  const names = (await namesIn(directory)).filter((name) => /\.ya?ml$/.test(name)).sort()
  const files: ProgrammeFile[] = []
  for (const name of names) {
    const file = join(directory, name)
    const document = yamlDocument(await readYaml(file), file)
    files.push({ file, document, programme: inFile(file, () => programmeOf(document)) })
  }
  return files
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
