/** Every field that an interface of a source file has, down to the last leaf: so that none is added without a test noticing. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** Paths of the fields, like `outcomes.priceEur`: through arrays, unions and the types of the same file. */
export function parametersOf(file: string, name: string): string[] {
  const path = join(import.meta.dirname, '../../..', file)
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest)
  const named = new Map<string, ts.Node>()
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement)) named.set(statement.name.text, statement)
    if (ts.isTypeAliasDeclaration(statement)) named.set(statement.name.text, statement.type)
  }
  return fieldsOf(named.get(name)!, source, named)
}

/** The fields of whatever a type is made of; none for a leaf. */
function fieldsOf(node: ts.Node, source: ts.SourceFile, named: ReadonlyMap<string, ts.Node>): string[] {
  if (ts.isPropertySignature(node)) {
    const field = node.name.getText(source)
    const below = fieldsOf(node.type!, source, named)
    return below.length === 0 ? [field] : below.map((path) => `${field}.${path}`)
  }
  if (ts.isTypeReferenceNode(node) && named.has(node.typeName.getText(source)))
    return fieldsOf(named.get(node.typeName.getText(source))!, source, named)
  const fields: string[] = []
  ts.forEachChild(node, (child) => void fields.push(...fieldsOf(child, source, named)))
  return fields
}
