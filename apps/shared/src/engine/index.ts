export { connectEngine, type Engine, type EngineConnection } from './connect-engine.ts'
export { runTask, type TaskApi } from './run-task.ts'
export type { BackendReport, DeviceApi, DeviceReport } from './device-api.ts'
