import { appConfig, modelFiles } from '@qkv/apps-shared/vite'
import { defineConfig } from 'vite'

export default defineConfig(appConfig({ plugins: [modelFiles(['zh-en', 'en-zh'])] }))
