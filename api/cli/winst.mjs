#!/usr/bin/env node
// The command as an executable: TypeScript is run, not built (docs/decisions/0006-typescript-without-a-build.md).
import { register } from 'tsx/esm/api'

register()
const { main } = await import('./cli.ts')
process.exitCode = await main(process.argv.slice(2))
