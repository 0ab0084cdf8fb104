import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'

const proto = join(dirname(fileURLToPath(import.meta.url)), 'onnx.proto')
const modelType = protobuf.loadSync(proto).lookupType('onnx.ModelProto')

const elementTypes = { float32: 1, int32: 6, int64: 7 }
const attributeTypes = { float: 1, int: 2, string: 3 }
const operatorSets = [
  { domain: '', version: 21 },
  { domain: 'com.microsoft', version: 1 },
]

/** Collects a graph of ONNX operators and writes it as a model file. */
export class ModelBuilder {
  #graph = { name: 'peer', node: [], initializer: [], input: [], output: [] }
  #values = 0

  /** Axes are numbers, or names where a length differs from run to run. */
  input(name, dtype, shape) {
    this.#graph.input.push(valueInfo(name, dtype, shape))
    return name
  }

  output(name, dtype, shape) {
    this.#graph.output.push(valueInfo(name, dtype, shape))
  }

  /** @param {import('../../source/contract.d.ts').InputArray} array */
  constant(name, { dtype, shape, data }) {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    this.#graph.initializer.push({ name, dims: shape, dataType: elementTypes[dtype], rawData })
    return name
  }

  /**
   * Adds an operator and returns the names of its outputs; an empty name leaves an optional one out.
   * @param {string} operator a name, after `com.microsoft:` for what only ONNX Runtime has
   */
  node(operator, inputs, { outputs = [this.#newName()], ...attributes } = {}) {
    const [opType, domain = ''] = operator.split(':').toReversed()
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value))
    this.#graph.node.push({ name: outputs[0], input: inputs, output: outputs, opType, domain, attribute })
    return outputs
  }

  /** @returns {Uint8Array} */
  encode() {
    const model = { irVersion: 10, graph: this.#graph, opsetImport: operatorSets }
    return modelType.encode(modelType.fromObject(model)).finish()
  }

  #newName() {
    return `value_${this.#values++}`
  }
}

function valueInfo(name, dtype, shape) {
  const dim = shape.map((axis) => (typeof axis === 'string' ? { dimParam: axis } : { dimValue: axis }))
  return { name, type: { tensorType: { elemType: elementTypes[dtype], shape: { dim } } } }
}

/** Numbers are written as integers unless they come as `{ float }`. */
function attributeOf(name, value) {
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: attributeTypes.string }
  if (typeof value === 'number') return { name, i: value, type: attributeTypes.int }
  return { name, f: value.float, type: attributeTypes.float }
}
