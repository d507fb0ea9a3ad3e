/** The tensor backend: native TensorFlow if installed, else WebAssembly, else plain JavaScript. */
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type * as Tensors from '@tensorflow/tfjs'

export interface TensorBackend {
  readonly tf: typeof Tensors
  /** 'tensorflow', 'wasm' or 'cpu': they round differently, so a model says which one made it */
  readonly name: string
}

let chosen: Promise<TensorBackend> | undefined

/** The backend of this process or thread, loaded at first use: only training needs it, predicting never does. */
export const tensorBackend = (): Promise<TensorBackend> => (chosen ??= choose())

async function choose(): Promise<TensorBackend> {
  return (await nativeBackend()) ?? (await portableBackend())
}

/** Its install is optional and its binary may be missing or made for another Node: any failure means the next one. */
async function nativeBackend(): Promise<TensorBackend | null> {
  // A name in a variable, since the package need not be there when types are checked.
  const name = '@tensorflow/tfjs-node'
  try {
    restoreUtil()
    const loaded = (await import(name)) as typeof Tensors & { default?: typeof Tensors }
    const tf = loaded.default ?? loaded
    await tf.ready()
    return { tf, name: tf.getBackend() }
  } catch {
    return null
  }
}

async function portableBackend(): Promise<TensorBackend> {
  const tf = await import('@tensorflow/tfjs')
  try {
    const wasm = await import('@tensorflow/tfjs-backend-wasm')
    const home = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
    wasm.setWasmPaths(`${home}/`)
    // Before any tensor is made: the first tensor of another backend would print its greeting.
    if (!(await tf.setBackend('wasm'))) throw new Error('no WebAssembly')
  } catch {
    await tf.setBackend('cpu')
  }
  await tf.ready()
  return { tf, name: tf.getBackend() }
}

/** tfjs-node 4.22 calls two functions that Node 23 took out of node:util (tensorflow/tfjs 8609). */
function restoreUtil(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
  util.isArray ??= Array.isArray
}
