import type { AdapterReport } from '../../engine/index.ts'
import { createTexts } from '../../language/index.ts'

const text = createTexts({
  en: {
    software: '{{name}} (a software renderer on the processor, slower than the backend cpu)',
    unnamed: 'a GPU that the browser does not name',
  },
  zh: {
    software: '{{name}}（软件渲染器，实际由处理器计算，比 cpu 后端慢）',
    unnamed: '浏览器没有给出名称的 GPU',
  },
})

/** Which GPU computes, and whether it is one. */
export function adapterText({ name, software }: AdapterReport): string {
  const shown = name === '' ? text('unnamed') : name
  return software ? text('software', { name: shown }) : shown
}
