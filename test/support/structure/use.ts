/** What a source file does, judged on its syntax tree and types: clock, dice, SQL, environment, unexplained assertions. */
import ts from 'typescript'
import type { Source } from './tree.ts'

export interface Use {
  /** `path:line`, as an editor opens it */
  readonly where: string
  readonly what: string
}

/** Clock and dice: what gives another answer on another day. */
const CLOCK_OR_DICE = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'performance.timeOrigin',
  'process.hrtime',
  'process.uptime',
  'crypto.randomUUID',
  'crypto.randomBytes',
  'crypto.getRandomValues',
])
const OUTSIDE_WORLD = new Set([
  'process',
  'console',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'globalThis',
])

/** SQL, as a statement begins. */
const STATEMENT =
  /^\s*(select\s[\s\S]+\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|truncate\s|create\s+(table|index|view|schema)\s|alter\s+table\s|copy\s+[\w(]|with\s+\w+\s+as\s*\()/i

// what a call is named decides whether its type is looked up at all: types cost seconds, names nothing
const ASKS_A_DATABASE =
  /^(selectFrom|insertInto|replaceInto|updateTable|deleteFrom|mergeInto|execute\w*|compile|query|stream|connect|raw|transaction)$/
const READS_A_TENSOR =
  /^(array|data|buffer|bytes|arraySync|dataSync|bufferSync|dispose|tidy|keep|ready|setBackend|tensor\w*|scalar|loadLayersModel)$/

export const clockOrDice = (source: Source): Use[] =>
  usesIn(source, (node) => {
    if (ts.isPropertyAccessExpression(node) && CLOCK_OR_DICE.has(node.getText())) return node.getText()
    if (!ts.isNewExpression(node) || node.expression.getText() !== 'Date') return null
    return (node.arguments?.length ?? 0) === 0 ? 'new Date() without a moment' : null
  })

/** Whether a pure file reaches for the process, the console, the network or a timer. */
export const outsideWorld = (source: Source, checker: ts.TypeChecker): Use[] =>
  usesIn(source, (node) => {
    if (!ts.isIdentifier(node) || !OUTSIDE_WORLD.has(node.text)) return null
    const declared = checker.getSymbolAtLocation(node)?.declarations ?? []
    return declared.length > 0 && declared.every(isAmbient) ? node.text : null
  })

export const environment = (source: Source): Use[] =>
  usesIn(source, (node) =>
    ts.isPropertyAccessExpression(node) && node.getText() === 'process.env' ? 'process.env' : null,
  )

/** SQL in a text, and calls of a query builder or a connection: what runs or makes a statement. */
export const sql = (source: Source, checker: ts.TypeChecker): Use[] =>
  usesIn(source, (node) => {
    const text = ts.isStringLiteralLike(node) ? node.text : ts.isTemplateExpression(node) ? node.head.text : null
    if (text !== null) return STATEMENT.test(text) ? `the statement "${text.trim().slice(0, 40)}"` : null
    const callee = ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node) ? calleeOf(node) : null
    if (callee === null || !ASKS_A_DATABASE.test(callee.getText())) return null
    const home = packageOf(callee, checker)
    return home === 'kysely' || home === '@types/pg' ? `${callee.getText()} of ${home}` : null
  })

/** Calls into TensorFlow.js, however the tensor got there. */
export const tensors = (source: Source, checker: ts.TypeChecker): Use[] =>
  usesIn(source, (node) => {
    if (!ts.isCallExpression(node)) return null
    const callee = calleeOf(node)
    const home = READS_A_TENSOR.test(callee.getText()) ? packageOf(callee, checker) : null
    return home?.startsWith('@tensorflow/') ? `${callee.getText()} of ${home}` : null
  })

export const network = (source: Source, checker: ts.TypeChecker): Use[] =>
  usesIn(source, (node) => {
    if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 'fetch') return null
    return (checker.getSymbolAtLocation(node.expression)?.declarations ?? []).every(isAmbient) ? 'fetch' : null
  })

export const anyType = (source: Source): Use[] =>
  usesIn(source, (node) => (node.kind === ts.SyntaxKind.AnyKeyword ? 'any' : null))

/** `x as unknown as T` is to say why, in a comment on its line or the one before. */
export const unexplainedAssertions = (source: Source): Use[] => {
  const lines = source.tree.text.split('\n')
  return usesIn(source, (node) => {
    if (!ts.isAsExpression(node) || !ts.isAsExpression(node.expression)) return null
    if (node.expression.type.kind !== ts.SyntaxKind.UnknownKeyword) return null
    const line = lineOf(source.tree, node.type)
    const said = [lines[line - 1], lines[line - 2], lines[lineOf(source.tree, node) - 2]]
    return said.some((each) => /(^|\s)(\/\/|\/\*\*|\*) /.test(each ?? '')) ? null : 'as unknown as, without a reason'
  })
}

function usesIn({ path, tree }: Source, judged: (node: ts.Node) => string | null): Use[] {
  const uses: Use[] = []
  const visit = (node: ts.Node): void => {
    const what = judged(node)
    if (what !== null) uses.push({ where: `${path}:${lineOf(tree, node)}`, what })
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return uses
}

const lineOf = (tree: ts.SourceFile, node: ts.Node): number =>
  tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1

function calleeOf(node: ts.CallExpression | ts.TaggedTemplateExpression): ts.Node {
  const callee = ts.isCallExpression(node) ? node.expression : node.tag
  return ts.isPropertyAccessExpression(callee) ? callee.name : callee
}

/** The package that declares what is called; null for what this project or the language declares. */
function packageOf(callee: ts.Node, checker: ts.TypeChecker): string | null {
  const symbol = checker.getSymbolAtLocation(callee)
  const aliased = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const file = aliased?.declarations?.[0]?.getSourceFile().fileName ?? ''
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? null
}

const isAmbient = (declaration: ts.Declaration): boolean => declaration.getSourceFile().isDeclarationFile
