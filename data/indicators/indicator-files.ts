/** The indicators of every programme: the built-in files beside this one, and a dataset's own `indicators/*.yaml` in their place. */
import { fileURLToPath } from 'node:url'
import { indicatorsIn } from '../../engine/indicators/indicator-rules.ts'
import type { Indicator } from '../../engine/indicators/indicator.ts'
import { inFile } from '../region/contract-file.ts'
import { yamlFilesIn } from '../yaml/yaml-directory.ts'

const builtInDirectory = fileURLToPath(new URL('.', import.meta.url))

/** The built-in indicators, with those of a dataset added; one of the dataset replaces every built-in version of its id.
 *  @throws Refusal `invalid_yaml` or `invalid_indicators`, naming the file, `outside_dataset`, and those of reading a text */
export async function loadIndicators(dataset?: string): Promise<readonly Indicator[]> {
  const builtIn = await indicatorsUnder(builtInDirectory, '')
  const own = dataset === undefined ? [] : await indicatorsUnder(dataset, 'indicators')
  const replaced = new Set(own.map(({ programme, id }) => `${programme} ${id}`))
  return [...builtIn.filter(({ programme, id }) => !replaced.has(`${programme} ${id}`)), ...own]
}

const indicatorsUnder = async (home: string, folder: string): Promise<Indicator[]> =>
  (await yamlFilesIn(home, folder)).flatMap(({ file, document }) => inFile(file, () => indicatorsIn(document)))
