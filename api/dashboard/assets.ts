/** Style sheet, fonts and islands: bundled in memory once a process, each under a name with the hash of its bytes. */
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../engine/kernel/refusal.ts'

export interface Assets {
  /** the address of the style sheet, or of an island by its file's name without its ending */
  readonly urlOf: (name: string) => string
  readonly files: ReadonlyMap<string, { readonly type: string; readonly bytes: Buffer }>
}

const HERE = dirname(fileURLToPath(import.meta.url))
const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  woff2: 'font/woff2',
}

let bundled: Promise<Assets> | undefined
/** The assets: the same bytes each time, so they are made once. */
export const assets = (): Promise<Assets> => (bundled ??= bundle())

async function bundle(): Promise<Assets> {
  const islands = (await readdir(join(HERE, 'islands'))).filter((name) => /\.tsx?$/.test(name))
  const { outputFiles, metafile } = await build({
    absWorkingDir: HERE,
    entryPoints: ['look/style.css', ...islands.map((name) => `islands/${name}`)],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.woff2': 'file' },
    outdir: '/assets',
    publicPath: '/assets',
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    legalComments: 'none',
    logLevel: 'silent',
  })
  const files = new Map(
    outputFiles.map(({ path, contents }) => {
      const name = basename(path)
      return [
        name,
        { type: TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream', bytes: Buffer.from(contents) },
      ]
    }),
  )
  const addresses = new Map(
    Object.entries(metafile.outputs).flatMap(([path, { entryPoint }]) =>
      entryPoint ? [[basename(entryPoint).replace(/\.\w+$/, ''), `/assets/${basename(path)}`]] : [],
    ),
  )
  return { files, urlOf: (name) => addresses.get(name) ?? '' }
}

/** Whoever has one may keep it for ever: other bytes have another name. */
export async function assetRoutes(app: FastifyInstance): Promise<void> {
  app.addHook('onListen', async () => void (await assets()))
  app.get<{ Params: { file: string } }>(
    '/assets/:file',
    { schema: { hide: true, params: { type: 'object', properties: { file: { type: 'string', maxLength: 200 } } } } },
    async ({ params: { file } }, reply) => {
      const found = (await assets()).files.get(file)
      if (!found)
        throw new Refusal('not_found', `There is no file ${JSON.stringify(file.slice(0, 60))} among the assets.`)
      return reply.type(found.type).header('cache-control', 'public, max-age=31536000, immutable').send(found.bytes)
    },
  )
}
