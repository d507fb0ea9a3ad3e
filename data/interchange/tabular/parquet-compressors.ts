/** How the pages of Parquet are unpacked: never to more than the page says, which was looked at before. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { Compressors } from 'hyparquet'
import { compressors, decompressZstd } from 'hyparquet-compressors'

export const COMPRESSORS: Compressors = {
  ...compressors,
  GZIP: (bytes, length) => gunzipSync(bytes, { maxOutputLength: Math.max(1, length) }),
  BROTLI: (bytes, length) => brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, length) }),
  ZSTD: (bytes, length) => decompressZstd(bytes, new Uint8Array(length)),
}
