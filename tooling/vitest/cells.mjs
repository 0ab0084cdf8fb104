/**
 * Every backend in each of its modes, and where it is held to the same results as the others: the conformance suite, the golden
 * cases, attention and a training run, each as a file and the title of its tests.
 */
const conformance = (file, title = '') => ({ kind: 'conformance', file, title })
const golden = (file, title) => ({ kind: 'golden', file, title })
const attention = (file, title) => ({ kind: 'attention', file, title, group: 'attention' })
const training = (file, title) => ({ kind: 'training', file, title, group: undefined })
const attentionAndTraining = (file, title) => [attention(file, title), training(file, title)]

const inNode = {
  golden: 'tooling/golden/src/golden.test.ts',
  training: 'tooling/backends/src/cells.test.ts',
  gpujs: 'packages/backend-gpujs/src/conformance.test.ts',
}
const inPages = {
  golden: 'tooling/golden/browser/gpu/golden.test.ts',
  training: 'tooling/backends/browser/cells.test.ts',
}

/** Cells that run in Node on any machine. */
export const nodeCells = [
  cell('cpu, one thread', [
    conformance('packages/backend-cpu/src/backend-conformance.test.ts', 'the build relaxed'),
    golden(inNode.golden, 'cpu-one-thread'),
    ...attentionAndTraining(inNode.training, 'cpu, one thread'),
  ]),
  cell('cpu, two threads', [
    conformance(
      'packages/backend-cpu/src/threads/threads-conformance.test.ts',
      'the build relaxed in two threads',
    ),
    golden(inNode.golden, 'cpu'),
    ...attentionAndTraining(inNode.training, 'cpu, two threads'),
  ]),
  cell('gpujs, webasm', [
    conformance(inNode.gpujs, 'the mode webasm'),
    golden(inNode.golden, 'gpujs-webasm'),
    ...attentionAndTraining(inNode.training, 'gpujs, webasm'),
  ]),
  cell('gpujs, cpu', [
    conformance(inNode.gpujs, 'the mode cpu'),
    golden(inNode.golden, 'gpujs-cpu'),
    ...attentionAndTraining(inNode.training, 'gpujs, cpu'),
  ]),
]

/** Cells that need Chromium. */
export const pageCells = [
  cell('gpujs, webgl2', [
    conformance('packages/backend-gpujs/browser/conformance.test.ts'),
    golden(inPages.golden, 'gpujs-webgl2'),
    ...attentionAndTraining(inPages.training, 'gpujs, webgl2'),
  ]),
  cell('webgpu, Chromium', [
    conformance('packages/backend-webgpu/browser/conformance.test.ts'),
    golden(inPages.golden, 'webgpu'),
    ...attentionAndTraining(inPages.training, 'webgpu, Chromium'),
  ]),
]

/** Cells whose packages `npm run check:full` installs. */
export const onDemandCells = [
  cell('gpujs, headlessgl', [
    conformance(inNode.gpujs, 'the mode headlessgl'),
    golden(inNode.golden, 'gpujs-headlessgl'),
    ...attentionAndTraining(inNode.training, 'gpujs, headlessgl'),
  ]),
  cell('webgpu, Dawn', [
    conformance('packages/backend-webgpu/src/node-conformance.test.ts'),
    golden(inNode.golden, 'webgpu'),
    ...attentionAndTraining(inNode.training, 'webgpu, Dawn'),
  ]),
]

function cell(name, parts) {
  return { name, parts }
}

/** Counts the tests of each part of each cell that passed; a cell whose tests were not asked for has no count. */
export class CellCounts {
  #counts = new Map()

  /** Takes a test that passed. `titles` are its own and those around it, from the outermost. */
  add(project, file, titles) {
    for (const { name, parts } of [...nodeCells, ...pageCells, ...onDemandCells]) {
      for (const part of parts) {
        // Some of the files for Node run in pages too, where they say nothing about Node.
        if (project.startsWith('browser') !== part.file.includes('/browser/')) continue
        if (!file.endsWith(part.file) || (part.title !== '' && titles[0] !== part.title)) continue
        // The group within the cell; tests of a training run are in none.
        if ('group' in part && titles.slice(1, -1)[0] !== part.group) continue
        const key = `${name}/${part.kind}`
        this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
      }
    }
  }

  /** A line for each cell of which something ran. */
  lines() {
    return [...nodeCells, ...pageCells, ...onDemandCells].flatMap(({ name, parts }) => {
      const counts = parts.map(({ kind }) => `${this.#counts.get(`${name}/${kind}`) ?? 0} ${kind}`)
      return parts.some(({ kind }) => this.#counts.has(`${name}/${kind}`))
        ? [`${name}: ${counts.join(', ')}`]
        : []
    })
  }

  /** Parts of which no test passed. */
  missing(cells) {
    return cells.flatMap(({ name, parts }) =>
      parts.filter(({ kind }) => !this.#counts.has(`${name}/${kind}`)).map(({ kind }) => `${name}: ${kind}`),
    )
  }
}
