import { connectEngine, type EngineConnection } from '@qkv/apps-shared/engine'
import type { LessonEngine } from './engine.worker.ts'

let connection: EngineConnection<LessonEngine> | undefined

/** The worker that computes the lessons, started when the first one asks. */
export function lessonEngine(): EngineConnection<LessonEngine> {
  connection ??= connectEngine<LessonEngine>(
    new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module' }),
  )
  return connection
}
