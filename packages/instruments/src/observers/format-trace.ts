import { formatShape } from '@qkv/tensor'
import type { Trace, TraceNode, TraceValue } from './trace.ts'

/**
 * A trace as text, one call per line, calls inside others indented: `%2 = qkv/matmul(%0:x, %1:weight)  [2, 4]`.
 *
 * @example
 * const text = formatTrace(await trace(device, () => softmax(x), { inputs: [['x', x]] }))
 */
export function formatTrace({ nodes, values }: Pick<Trace<unknown>, 'nodes' | 'values'>): string {
  return nodes
    .map((node) => {
      const outputs = node.outputs.map((id) => `%${id}`).join(', ')
      const inputs = node.inputs.map((id) => referenceTo(values[id]!)).join(', ')
      const shapes = node.outputs.map((id) => formatShape(values[id]!.shape)).join(', ')
      return `${'  '.repeat(depthOf(node, nodes))}${outputs} = ${node.op}(${inputs})  ${shapes}`
    })
    .join('\n')
}

function referenceTo({ id, kind, name }: TraceValue): string {
  return kind === 'constant' ? `%${id}:constant` : name === undefined ? `%${id}` : `%${id}:${name}`
}

function depthOf(node: TraceNode, nodes: readonly TraceNode[]): number {
  return node.parent === undefined ? 0 : 1 + depthOf(nodes[node.parent]!, nodes)
}
