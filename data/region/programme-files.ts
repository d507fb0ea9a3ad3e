/** The programmes of a region: the built-in files beside this one, and a dataset's own `programmes/*.yaml`. */
import { fileURLToPath } from 'node:url'
import { type NamedProgramme, programmeOf, programmesOf } from '../../engine/contract/programme-rules.ts'
import type { Programme } from '../../engine/contract/programme.ts'
import { type Precedence, precedenceOf } from '../../engine/inclusion/precedence.ts'
import { inFile } from './contract-file.ts'
import { yamlFilesIn } from '../yaml/yaml-directory.ts'

/** One programme file, with its document as parsed, for the store. */
export interface ProgrammeFile extends NamedProgramme {
  readonly document: unknown
}

/** Beside the programmes, and none itself. */
const PRECEDENCE_FILE = 'precedence.yaml'

const builtInDirectory = fileURLToPath(new URL('../programmes', import.meta.url))

/** The programmes that come with the engine (interface.md 2), in code-unit order of file name. */
export const builtInProgrammes = (): Promise<readonly Programme[]> => (builtIn ??= readBuiltIn())

// Every part of a run asks for them, and they do not change while a process runs.
let builtIn: Promise<readonly Programme[]> | undefined

const readBuiltIn = async (): Promise<readonly Programme[]> =>
  (await programmeFilesIn(builtInDirectory, '')).map(({ programme }) => programme)

/** A dataset's own programmes, from its directory `programmes`; none if it has no such directory.
 *  @throws Refusal `invalid_yaml` or `invalid_programme`, naming the file, `outside_dataset`, and those of reading a text */
export const datasetProgrammes = (dataset: string): Promise<readonly ProgrammeFile[]> =>
  programmeFilesIn(dataset, 'programmes')

/** Every programme of a region, by key: the built-in ones with a dataset's own over them. */
export async function loadProgrammes(dataset?: string): Promise<ReadonlyMap<string, Programme>> {
  return programmesOf(await builtInProgrammes(), dataset === undefined ? [] : await datasetProgrammes(dataset))
}

/** The precedence of programmes that exclude each other: a dataset's own `programmes/precedence.yaml`, or the built-in one.
 *  @throws Refusal `invalid_yaml` or `invalid_programme`, naming the file */
export async function loadPrecedence(dataset?: string): Promise<readonly Precedence[]> {
  const own = dataset === undefined ? null : await datasetPrecedence(dataset)
  return precedenceOf(own ?? (await precedenceIn(builtInDirectory, '')))
}

/** A dataset's own precedence, as parsed and checked, for the store; null: it has none. */
export const datasetPrecedence = (dataset: string): Promise<unknown> => precedenceIn(dataset, 'programmes')

async function precedenceIn(home: string, folder: string): Promise<unknown> {
  const found = (await yamlFilesIn(home, folder)).find(({ name }) => name === PRECEDENCE_FILE)
  if (found === undefined) return null
  inFile(found.file, () => precedenceOf(found.document))
  return found.document
}

const programmeFilesIn = async (home: string, folder: string): Promise<ProgrammeFile[]> =>
  (await yamlFilesIn(home, folder))
    .filter(({ name }) => name !== PRECEDENCE_FILE)
    .map(({ file, document }) => ({ file, document, programme: inFile(file, () => programmeOf(document)) }))
