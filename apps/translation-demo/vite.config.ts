import { appConfig, offline } from '@qkv/apps-shared/vite'
import { defineConfig } from 'vite'
import { models } from './vite/models.ts'

export default defineConfig(
  appConfig({
    // The engine keeps a model when it has loaded it: nobody who goes one way downloads both.
    plugins: [models(['zh-en', 'en-zh']), offline({ leaveOut: /^models\// })],
  }),
)
